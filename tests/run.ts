/**
 * `npm test`: builds when needed, runs Vitest and Playwright one after the other (also when the first fails) and closes
 * with `N passed, N failed` alone on a line. Exits 0 only when everything ran and passed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../scripts/ensure-built.ts';
import { getBrowser, versionOf } from './support/find-browser.ts';
import { countPlaywright, countVitest, type Count } from './support/count-results.ts';

const ROOT = join(import.meta.dirname, '..');
const say = (line: string) => process.stdout.write(`${line}\n`);

function runSuite(name: string, command: string[], report: string, count: (json: unknown) => Count): Count {
  const began = Date.now();
  const { status } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [`${name.toUpperCase()}_JSON`]: report },
  });
  const found = readReport(report, count);
  // A suite that ended badly without a failed test (a file that doesn't load, no report) is a failure all the same.
  const failed = status === 0 ? found.failed : Math.max(found.failed, 1);
  say(`${name}: ${found.passed} passed, ${failed} failed, ${found.skipped} skipped in ${seconds(began)} s`);
  return { ...found, failed };
}

function readReport(path: string, count: (json: unknown) => Count): Count {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function seconds(began: number): string {
  return ((Date.now() - began) / 1000).toFixed(0);
}

const reports = mkdtempSync(join(tmpdir(), 'pantheon-reports-'));
const counts: Count[] = [];
try {
  const began = Date.now();
  await ensureBuilt();
  say(`Built in ${seconds(began)} s`);
  counts.push(runSuite('vitest', ['node_modules/vitest/vitest.mjs', 'run'], join(reports, 'vitest.json'), countVitest));
  const browser = getBrowser(say);
  say(`Browser: ${versionOf(browser)}, ${browser.how} (${browser.path})`);
  counts.push(
    runSuite(
      'playwright',
      ['node_modules/@playwright/test/cli.js', 'test'],
      join(reports, 'playwright.json'),
      countPlaywright,
    ),
  );
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  counts.push({ passed: 0, failed: 1, skipped: 0 });
} finally {
  rmSync(reports, { recursive: true, force: true });
}

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
