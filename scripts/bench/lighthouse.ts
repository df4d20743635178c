/**
 * What Lighthouse says of home and of a room with a conversation in it, signed in, on a desktop and on a phone: `npm run
 * bench:lighthouse`. It takes an installed Chromium and the product as built; the median of the runs is printed, with
 * what kept a category from 100.
 *
 * Options: --runs 3 --only room-mobile. Ends with 1 when a category is below 95.
 */
import { parseArgs } from 'node:util';
import lighthouse, { desktopConfig } from 'lighthouse';
import { freePort } from '../../tests/support/test-cluster.ts';
import { say } from '../say.ts';
import { startRoom } from './browser/start-room.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
});
const LOWEST = 95;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const FIGURES = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
];

const port = await freePort();
const { url, client, roomId, close } = await startRoom({
  messages: 40,
  browserArgs: [`--remote-debugging-port=${port}`],
});
const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
try {
  for (const [page, path] of [
    ['home', '/'],
    ['room', `/rooms/${roomId}`],
  ] as const) {
    for (const device of ['desktop', 'mobile'] as const) {
      if (!`${page}-${device}`.startsWith(values.only)) continue;
      const runs = [];
      for (let n = 0; n < Number(values.runs); n += 1) runs.push(await look(url + path, device));
      report(`${page}, ${device}`, runs);
    }
  }
} finally {
  await close();
}
// Or what looks after the database would end the process with 0.
process.exit();

type Result = Awaited<ReturnType<typeof look>>;

/** Chromium sometimes records a trace without its beginning; the page is looked at again then. */
async function look(address: string, device: 'desktop' | 'mobile') {
  for (let tries = 3; ; tries -= 1) {
    const result = await lighthouse(
      address,
      { port, onlyCategories: CATEGORIES, extraHeaders: { Cookie: cookie }, logLevel: 'error' },
      device === 'desktop' ? desktopConfig : undefined,
    );
    if (result && !result.lhr.runtimeError) return result.lhr;
    if (tries === 1) throw new Error(`Lighthouse: ${result?.lhr.runtimeError?.message}`);
  }
}

function report(what: string, runs: Result[]): void {
  const scoreOf = (run: Result, category: string) => Math.round((run.categories[category]?.score ?? 0) * 100);
  const run = runs.toSorted((a, b) => scoreOf(a, 'performance') - scoreOf(b, 'performance'))[
    Math.floor(runs.length / 2)
  ];
  if (!run) return;
  const scores = CATEGORIES.map((category) => `${category} ${scoreOf(run, category)}`);
  const figures = FIGURES.map((id) => `${id} ${run.audits[id]?.displayValue}`);
  say(`${what}: ${scores.join(', ')}`);
  say(`  ${figures.join(', ')}`);
  for (const category of CATEGORIES) {
    for (const { id, weight } of run.categories[category]?.auditRefs ?? []) {
      const audit = run.audits[id];
      if (weight === 0 || audit?.score === null || audit?.score === undefined || audit.score >= 0.9) continue;
      say(`  ${category}: ${audit.title} (${audit.displayValue ?? audit.score})`);
      const details = audit.details as
        { items?: { node?: { snippet?: string }; url?: string; description?: string }[] } | undefined;
      for (const item of details?.items?.slice(0, 5) ?? []) {
        const where = item.node?.snippet ?? item.description ?? item.url;
        if (where) say(`    ${where.slice(0, 160)}`);
      }
    }
    if (scoreOf(run, category) < LOWEST) process.exitCode = 1;
  }
}
