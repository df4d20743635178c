/**
 * What reading files costs: `npm run bench:files` (about two minutes). First each parser alone, on documents of some size:
 * pages a second, the process's own start included, and its peak memory. Then the hostile files of the tests are uploaded
 * over HTTP, several at a time, to the product as one process (pages and jobs together, the worst case), while somebody else
 * asks for the list of rooms: how late its event loop was (p99, from its own /metrics) and what that person waited.
 *
 * Ends with 1 when the p99 is 100 ms or more, or a child was seen above 512 MB.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileKind } from '#server/files/contract.ts';
import { runChild } from '#server/files/parse/run-child.ts';
import pg from 'pg';
import { signIn, type Client } from '../../tests/support/client.ts';
import { FIXTURES, upload, waitForFile } from '../../tests/support/files.ts';
import { hostileFiles } from '../../tests/support/hostile-files.ts';
import { createRoom } from '../../tests/support/rooms.ts';
import { startServer } from '../../tests/support/server-process.ts';
import { docxOf, paragraph, pdfOf } from '../../tests/support/zip-files.ts';
import { say } from '../say.ts';

const ROUNDS = 5;
const AT_ONCE = 4;
/** What a child may hold, and how late the web process may be. */
const MAX_RSS_MB = 512;
const MAX_DELAY_MS = 100;
const LINE = 'The price of copper rose by 12 percent, to 9,840 USD a tonne; the lead time is 14 weeks. ';

const documents: { what: string; kind: FileKind; bytes: Buffer }[] = [
  { what: 'PDF, 200 pages', kind: 'pdf', bytes: pdfOfPages(200) },
  { what: 'PDF of LibreOffice', kind: 'pdf', bytes: await readFile(join(FIXTURES, 'real/libreoffice.pdf')) },
  { what: 'DOCX, 2,000 paragraphs', kind: 'docx', bytes: docxOf(paragraph(LINE.repeat(3)).repeat(2_000)) },
  { what: 'TXT, 1.8 MB', kind: 'txt', bytes: Buffer.from(`${LINE}\n`.repeat(20_000)) },
  { what: 'MD, 1.8 MB', kind: 'md', bytes: Buffer.from(`# Part\n\n${LINE.repeat(4)}\n\n`.repeat(5_000)) },
  { what: 'CSV, 200,000 rows', kind: 'csv', bytes: csvOfRows(200_000) },
];

let highestRss = 0;
say('parser                        pages   pages/s   ms a file   peak MB');
for (const { what, kind, bytes } of documents) {
  let pages = 0;
  let ms = 0;
  let rss = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const run = await runChild({ do: 'parse', kind }, bytes);
    if (!run.answer?.ok || !('parsed' in run.answer)) throw new Error(`${what} could not be read.`);
    pages += run.answer.parsed.pages.length;
    ms += run.durationMs;
    rss = Math.max(rss, run.peakRssMb);
  }
  highestRss = Math.max(highestRss, rss);
  const row = [pages / ROUNDS, Math.round(pages / (ms / 1_000)), Math.round(ms / ROUNDS), rss];
  say(`${what.padEnd(26)}${row.map((value) => String(value).padStart(9)).join(' ')}`);
}

const server = await startServer();
try {
  const client = await signIn(server.url, 'bench@example.com');
  const room = await createRoom(client);
  const hostile = hostileFiles('http://127.0.0.1:1').filter((file) => !('refused' in file));
  const quiet = await watch(client, server.url, () => sleep(5_000));
  const loud = await watch(client, server.url, () => uploadAll(client, room.id, hostile));
  say(`\nweb process                 loop delay p99   list of rooms p50 / p99`);
  for (const [what, { delayMs, waits }] of [
    ['with nothing to do', quiet],
    ['hostile files are read', loud],
  ] as const) {
    say(`${what.padEnd(26)}${`${delayMs.toFixed(1)} ms`.padStart(16)}   ${at(waits, 0.5)} / ${at(waits, 0.99)} ms`);
  }
  const read = await readJobs(await readFile(join(server.dataDir, 'database.url'), 'utf8'));
  highestRss = Math.max(highestRss, read.peak);
  say(
    `${hostile.length} hostile files: ${read.failed} failed, ${read.ready} read; highest child ${highestRss} MB, longest ${read.longest} ms`,
  );
  if (loud.delayMs >= MAX_DELAY_MS || highestRss > MAX_RSS_MB) process.exitCode = 1;
} finally {
  await server.close();
}

/** Runs the work while the list of rooms is asked for again and again; the delay is of this stretch alone. */
async function watch(client: Client, url: string, work: () => Promise<unknown>) {
  await readDelayMs(url);
  const waits: number[] = [];
  const over = new AbortController();
  const asking = (async () => {
    while (!over.signal.aborted) {
      const begun = performance.now();
      await client.get('/rooms');
      waits.push(performance.now() - begun);
      await sleep(20);
    }
  })();
  await work();
  over.abort();
  await asking;
  return { delayMs: await readDelayMs(url), waits };
}

/** The p99 since it was asked for last: reading it begins anew. */
async function readDelayMs(url: string): Promise<number> {
  const told = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(told)?.[1] ?? NaN) * 1_000;
}

async function uploadAll(client: Client, roomId: string, files: ReturnType<typeof hostileFiles>): Promise<void> {
  const waiting = [...files];
  const one = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const { body, status } = await upload(client, roomId, file);
      if (status === 202) await waitForFile(client, body.file.id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function readJobs(databaseUrl: string) {
  const db = new pg.Client({ connectionString: databaseUrl.trim() });
  await db.connect();
  const { rows } = await db.query<{ failed: number; ready: number; peak: number; longest: number }>(
    `SELECT count(*) FILTER (WHERE status = 'failed')::int AS failed, count(*) FILTER (WHERE status = 'ready')::int AS ready,
       coalesce(max(peak_rss_mb), 0) AS peak, coalesce(max(duration_ms), 0) AS longest FROM file_parsing_jobs`,
  );
  await db.end();
  return rows[0] ?? { failed: 0, ready: 0, peak: 0, longest: 0 };
}

function at(values: number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1);
}

/** Forty lines on each page. */
function pdfOfPages(count: number): Buffer {
  const lines = Array.from({ length: 40 }, (_, n) => `72 ${740 - n * 17} Td (${LINE}) Tj ${-72} ${-(740 - n * 17)} Td`);
  const content = `BT /F1 9 Tf ${lines.join('\n')} ET`;
  const kids = Array.from({ length: count }, (_, n) => `${5 + n} 0 R`).join(' ');
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ...Array.from(
      { length: count },
      () =>
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>',
    ),
  ]);
}

function csvOfRows(count: number): Buffer {
  const rows = Array.from(
    { length: count },
    (_, n) => `${n},${n % 7},${(n * 1.25).toFixed(2)},2026-01-0${1 + (n % 9)}`,
  );
  return Buffer.from(`id,region,amount,date\n${rows.join('\n')}\n`);
}
