import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

export type Browser = { path: string; how: string };

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A browser that is there: CHROMIUM_PATH, an installed Chromium or Chrome, or Playwright's own. */
export function findBrowser(): Browser | null {
  const given = process.env['CHROMIUM_PATH'];
  if (given) {
    if (!existsSync(given)) throw new Error(`CHROMIUM_PATH is ${given}, and there is nothing.`);
    return { path: given, how: 'named by CHROMIUM_PATH' };
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find(
    existsSync,
  );
  if (installed) return { path: installed, how: 'installed on this machine' };
  const own = chromium.executablePath();
  return existsSync(own) ? { path: own, how: 'Playwright’s own' } : null;
}

/** The same, and where there is none, fetches one: Playwright's, else Debian's when root. Says what it does. */
export function getBrowser(say: (line: string) => void): Browser {
  const found = findBrowser();
  if (found) return found;
  say('No Chromium or Chrome found: running `playwright install chromium`.');
  run('npx', ['playwright', 'install', 'chromium']);
  const own = findBrowser();
  if (own) return { ...own, how: 'downloaded by Playwright' };
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say('Playwright could not download one: running `apt-get install chromium`.');
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
    const packaged = findBrowser();
    if (packaged) return { ...packaged, how: 'installed by apt-get' };
  }
  throw new Error('The browser tests need Chromium or Chrome. Install one, or set CHROMIUM_PATH to its program.');
}

function run(command: string, given: string[]): void {
  spawnSync(command, given, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000 });
}

/** What the browser says of itself, for the log. */
export function versionOf(browser: Browser): string {
  return execFileSync(browser.path, ['--version', '--no-sandbox'], { encoding: 'utf8' }).trim();
}
