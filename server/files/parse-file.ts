import type { App } from '#server/app.ts';
import { MAX_FILE_BYTES } from '#server/files/contract.ts';
import { kindOfStored } from '#server/files/kind-of.ts';
import { ParseFailure, WORDS, type Parsed } from '#server/files/parse/parsed.ts';
import { preflight } from '#server/files/parse/preflight.ts';
import { transaction } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import type { File as FileRow } from '#server/platform/prisma/client.ts';

/** After so many attempts that ended without a result a file is given up. */
const MAX_ATTEMPTS = 4;
const PROGRESS_MS = 400;

type ParseApp = Pick<App, 'db' | 'prisma' | 'storage' | 'parser' | 'log'>;
type Outcome = { parsed: Parsed | null; failure: ParseFailure | null; peakRssMb: number | null; durationMs: number };

/**
 * Reads a file and keeps its pages; it becomes ready, or failed with a reason. Doing it twice is harmless. Throws what may
 * pass (the storage can't be reached), to be tried again.
 */
export async function parseFile(app: ParseApp, { fileId }: { fileId: string }, signal?: AbortSignal): Promise<void> {
  const file = await app.prisma.file.findUnique({ where: { id: fileId } });
  if (!file || file.status !== 'parsing' || file.deletedAt !== null) return;
  const job = await beginAttempt(app, fileId);
  let outcome: Outcome;
  try {
    outcome = await read(app, file, signal);
  } catch (error) {
    if (signal?.aborted === true || job.attempt < MAX_ATTEMPTS) throw error;
    app.log.error('a file was given up', { fileId, error });
    outcome = { parsed: null, failure: new ParseFailure('crashed', WORDS.crashed), peakRssMb: null, durationMs: 0 };
  }
  await keep(app, file, job.id, outcome);
}

async function beginAttempt({ prisma }: Pick<App, 'prisma'>, fileId: string): Promise<{ id: string; attempt: number }> {
  const newest = await prisma.fileParsingJob.findFirst({ where: { fileId }, orderBy: { createdAt: 'desc' } });
  const id = newest?.id ?? newId();
  const row = await prisma.fileParsingJob.upsert({
    where: { id },
    create: { id, fileId, status: 'running', attempt: 1 },
    update: { status: 'running', attempt: { increment: 1 } },
  });
  return { id, attempt: row.attempt };
}

async function read(app: ParseApp, file: FileRow, signal: AbortSignal | undefined): Promise<Outcome> {
  const begun = performance.now();
  const kind = kindOfStored(file.mimeType);
  const bytes = await app.storage.read(file.storageKey, { maxBytes: MAX_FILE_BYTES });
  try {
    preflight(kind, bytes);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { parsed: null, failure: error, peakRssMb: null, durationMs: Math.round(performance.now() - begun) };
  }
  const { answer, failure, peakRssMb, durationMs } = await app.parser.run(
    { do: 'parse', kind },
    bytes,
    signal,
    tellProgress(app, file.id),
  );
  if (signal?.aborted) throw new Error('Reading the file was interrupted.');
  if (answer?.ok && 'parsed' in answer) return { parsed: answer.parsed, failure: null, peakRssMb, durationMs };
  const told = answer?.ok === false ? new ParseFailure(answer.code, answer.message) : failure;
  return { parsed: null, failure: told ?? new ParseFailure('crashed', WORDS.crashed), peakRssMb, durationMs };
}

/** Keeps how far the file is read, for those who wait for it: now and then, and a lost one is no harm. */
function tellProgress({ db }: Pick<App, 'db'>, fileId: string): (percent: number) => void {
  let next = 0;
  return (percent) => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    db.query(`UPDATE files SET progress = $2 WHERE id = $1 AND status = 'parsing'`, [fileId, percent]).catch(
      () => undefined,
    );
  };
}

/** Pages, the file's state and the job's telemetry, all at once. */
async function keep(app: ParseApp, file: FileRow, jobId: string, outcome: Outcome): Promise<void> {
  const { parsed, failure, peakRssMb, durationMs } = outcome;
  const error = failure === null ? null : JSON.stringify({ code: failure.code, message: failure.message });
  await transaction(app.db, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE files SET status = $2, error = $3, pages = $4, details = $5, rows = $6, progress = NULL
       WHERE id = $1 AND status = 'parsing'`,
      [
        file.id,
        failure ? 'failed' : 'ready',
        error,
        parsed?.pageCount ?? null,
        parsed ? JSON.stringify(parsed.details) : null,
        parsed?.details.table?.rows ?? null,
      ],
    );
    if (rowCount === 0) return;
    await tx.query('DELETE FROM file_pages WHERE file_id = $1', [file.id]);
    await tx.query(
      `INSERT INTO file_pages (file_id, number, title, content)
       SELECT $1, p.number, p.title, p.text FROM json_to_recordset($2::json) AS p(number int, title text, text text)`,
      [file.id, JSON.stringify(parsed?.pages ?? [])],
    );
    await tx.query(
      `UPDATE file_parsing_jobs SET status = $2, parser = $3, pages = $4, characters = $5, peak_rss_mb = $6, duration_ms = $7,
         error = $8, finished_at = now() WHERE id = $1`,
      [
        jobId,
        failure ? 'failed' : 'ready',
        PARSERS[kindOfStored(file.mimeType)],
        parsed?.pageCount ?? null,
        parsed?.pages.reduce((sum, { text }) => sum + text.length, 0) ?? null,
        peakRssMb,
        durationMs,
        error,
      ],
    );
  });
}

const PARSERS = { pdf: 'pdf-parse', docx: 'mammoth', txt: 'text', md: 'text', csv: 'papaparse' };
