/**
 * `npm test`: builds when needed, runs Vitest's two projects beside each other and then Playwright (also when Vitest failed),
 * names what failed or needed a second try, and closes with `N passed, N failed` alone on a line. Exits 0 only when everything
 * ran and passed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../scripts/ensure-built.ts';
import { getBrowser, versionOf } from './support/find-browser.ts';
import { readPlaywright, readVitest, type Report } from './support/read-report.ts';

const ROOT = join(import.meta.dirname, '..');
const say = (line: string) => process.stdout.write(`${line}\n`);

type Suite = {
  name: string;
  command: string[];
  reportAs: 'VITEST_JSON' | 'PLAYWRIGHT_JSON';
  read: (json: unknown) => Report;
};

async function runSuite({ name, command, reportAs, read }: Suite): Promise<Report> {
  const began = Date.now();
  const file = join(reports, `${name}.json`);
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [reportAs]: file },
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  const report = readReport(file, read);
  // A suite that ended badly and doesn’t say of what is a failure all the same.
  if (status !== 0 && report.failures.length === 0) report.failures.push(`${name} ended with ${String(status)}`);
  say(
    `${name}: ${report.passed} passed, ${report.failures.length} failed, ${report.skipped} skipped in ${seconds(began)} s`,
  );
  return report;
}

function readReport(file: string, read: (json: unknown) => Report): Report {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    return nothingButFailure(error);
  }
}

function nothingButFailure(error: unknown): Report {
  return { passed: 0, skipped: 0, failures: [error instanceof Error ? error.message : String(error)], flaky: [] };
}

function seconds(began: number): string {
  return ((Date.now() - began) / 1000).toFixed(0);
}

const vitest = (project: string): Suite => ({
  name: project,
  command: ['node_modules/vitest/vitest.mjs', 'run', '--project', project],
  reportAs: 'VITEST_JSON',
  read: readVitest,
});
const journeys: Suite = {
  name: 'playwright',
  command: ['node_modules/@playwright/test/cli.js', 'test'],
  reportAs: 'PLAYWRIGHT_JSON',
  read: readPlaywright,
};

const reports = mkdtempSync(join(tmpdir(), 'pantheon-reports-'));
const found: Report[] = [];
try {
  const began = Date.now();
  await ensureBuilt();
  say(`Built in ${seconds(began)} s`);
  // Those that kill processes wait a good part of their time, for leases to run out: the others use the processor meanwhile.
  found.push(...(await Promise.all([vitest('main'), vitest('durability')].map(runSuite))));
  const browser = getBrowser(say);
  say(`Browser: ${versionOf(browser)}, ${browser.how} (${browser.path})`);
  found.push(await runSuite(journeys));
} catch (error) {
  found.push(nothingButFailure(error));
} finally {
  rmSync(reports, { recursive: true, force: true });
}

const passed = found.reduce((sum, report) => sum + report.passed, 0);
const failures = found.flatMap((report) => report.failures);
// Again at the end, where whoever sees the last lines only still reads which they were.
for (const name of found.flatMap((report) => report.flaky)) say(`Passed at the second try: ${name}`);
for (const name of failures) say(`Failed: ${name}`);
say(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
