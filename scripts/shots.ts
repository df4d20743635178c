/**
 * Photographs every page of the product in its states: `npm run shots`. Starts it on a fresh, filled database with a model
 * server that is told what to say, and writes PNG files and a contact sheet, `index.html`, to `.shots`.
 *
 * Options: --only room,admin (beginnings of scenes' names), --theme light, --width 390, --out .shots
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { untilAwake } from '../tests/e2e/support/awake.ts';
import { getBrowser } from '../tests/support/find-browser.ts';
import { startModelServer } from '../tests/support/model-server.ts';
import { startSearchServer } from '../tests/support/search-server.ts';
import { startServer } from '../tests/support/server-process.ts';
import { say } from './say.ts';
import { contactSheet, type Shot } from './shots/contact-sheet.ts';
import { fillPast } from './shots/fill-past.ts';
import { fill, type Filled } from './shots/fill.ts';
import { scenesOf, type Scene } from './shots/scenes.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    theme: { type: 'string', default: 'light,dark' },
    width: { type: 'string', default: '1280,390' },
    out: { type: 'string', default: '.shots' },
  },
});
const HEIGHTS: Record<number, number> = { 1280: 800, 390: 844 };
const TALLEST = 4_000;
/** Milliseconds that anything may take on a machine that has other work. */
const PATIENCE = 30_000;

const model = await startModelServer();
const search = await startSearchServer();
const server = await startServer({
  env: {
    LLM_BASE_URL: model.baseUrl,
    LLM_API_KEY: 'none',
    TAVILY_API_KEY: search.apiKey,
    TAVILY_BASE_URL: search.url,
    LIMIT_MAGIC_LINK_PER_IP: '1000',
  },
});
const browser = await chromium.launch({
  executablePath: getBrowser(say).path,
  args: process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'],
});
try {
  say('Filling the database …');
  const filled = await fill(server.url, model);
  await fillPast((await readFile(join(server.dataDir, 'database.url'), 'utf8')).trim());
  const wanted = values.only.split(',');
  const scenes = scenesOf(filled).filter(({ name }) => wanted.some((beginning) => name.startsWith(beginning)));
  await mkdir(values.out, { recursive: true });
  const shots: Shot[] = [];
  for (const theme of values.theme.split(',')) {
    for (const width of values.width.split(',').map(Number)) {
      const variant = { theme: theme as 'light' | 'dark', width, height: HEIGHTS[width] ?? 800 };
      shots.push(...(await shootAll(browser, filled, scenes, variant)));
    }
  }
  await writeFile(join(values.out, 'index.html'), contactSheet(shots));
  say(`${shots.length} pictures: ${join(values.out, 'index.html')}`);
  const wrong = shots.filter(({ note }) => note);
  for (const { file, note } of wrong) say(`  ${file}: ${note}`);
} finally {
  await browser.close();
  await server.close();
  await Promise.all([search.close(), model.close()]);
}

type Variant = { theme: 'light' | 'dark'; width: number; height: number };

async function shootAll(from: Browser, filled: Filled, scenes: Scene[], variant: Variant): Promise<Shot[]> {
  const { theme, width, height } = variant;
  const phone = width < 600;
  const shots: Shot[] = [];
  for (const who of new Set(scenes.map((scene) => scene.as))) {
    const context = await from.newContext({
      baseURL: server.url,
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      isMobile: phone,
      hasTouch: phone,
    });
    context.setDefaultTimeout(PATIENCE);
    // What a scene before wrote and did not send is not part of the next.
    await context.addInitScript(() => {
      for (const key of Object.keys(localStorage)) if (key.startsWith('draft:')) localStorage.removeItem(key);
    });
    if (who) await signInAs(context, filled, who);
    for (const scene of scenes.filter(({ as }) => as === who)) {
      const file = `${scene.name.replaceAll(/[^a-z\d]+/gi, '-')}-${theme}-${width}.png`;
      const page = await context.newPage();
      const note = await shoot(page, scene, variant, join(values.out, file));
      shots.push({ scene: scene.name, file, ...variant, ...(note ? { note } : {}) });
      await page.close();
    }
    await context.close();
  }
  say(`  ${theme}, ${width} px: ${shots.length}`);
  return shots;
}

async function signInAs(context: BrowserContext, { clients }: Filled, who: keyof Filled['clients']): Promise<void> {
  const cookies = [...clients[who].cookies];
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: server.url, httpOnly: true })));
}

/** What is wider than the page though nothing there is meant to scroll sideways: tables and code are. */
function sticksOut(width: number): string | null {
  const found = [...document.querySelectorAll('body *')].find(
    (node) =>
      node.getBoundingClientRect().right > width + 1 &&
      node.getBoundingClientRect().width > 0 &&
      !node.closest('.overflow-x-auto, .overflow-hidden, .truncate, pre, .markdown, .sr-only, redoc, svg'),
  );
  return found ? found.outerHTML.slice(0, 160) : null;
}

/** Takes the picture and says what is wrong with it: something did not open, sticks out at the side, or was complained of. */
async function shoot(page: Page, scene: Scene, { width, height }: Variant, file: string): Promise<string | null> {
  const notes: string[] = [];
  page.on('pageerror', ({ message }) => notes.push(`threw: ${message}`));
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type()) && !isExpected(message.text()))
      notes.push(`printed: ${message.text()}`);
  });
  await page.goto(scene.path);
  await untilAwake(page, PATIENCE);
  try {
    await scene.show?.(page, width < 600);
  } catch (error) {
    notes.push(`not shown: ${(error as Error).message.split('\n')[0]}`);
  }
  if (scene.whole) {
    const more = await page.evaluate(() =>
      Math.max(
        document.documentElement.scrollHeight - window.innerHeight,
        ...[...document.querySelectorAll('main, main *')].map((node) =>
          ['auto', 'scroll'].includes(getComputedStyle(node).overflowY) ? node.scrollHeight - node.clientHeight : 0,
        ),
      ),
    );
    if (more > 0) await page.setViewportSize({ width, height: Math.min(height + more, TALLEST) });
  }
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(200);
  const wide = await page.evaluate(sticksOut, width);
  if (wide) notes.push(`sticks out: ${wide}`);
  await page.screenshot({ path: file, animations: 'disabled' });
  return notes.length > 0 ? notes.join('; ') : null;
}

/** Of the browser itself: an answer with a status that some scenes are about, and the worker that is not wanted here. */
function isExpected(text: string): boolean {
  return /^Failed to load resource: .* status of 4\d\d|^Service Worker registration blocked/.test(text);
}
