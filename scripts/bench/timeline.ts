/**
 * How smooth a conversation is in a browser: `npm run bench:timeline`. A room of 1,000 messages, in Chromium with its CPU
 * throttled four times: it is loaded, read back to its first message, left at its last, and four agents stream into it at once.
 * Printed for each: the tasks that held up the page (from the page's own PerformanceObserver), frames, layout shift, memory.
 *
 * Options: --messages 1000 --throttle 4 --tokens 1500 --only reading|streaming --profile cpu (writes cpu-<phase>.cpuprofile). Ends with 1
 * when a task was longer than 50 ms while the agents streamed, anything shifted, or the first message was not reached.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from '@playwright/test';
import { sendTurn, waitForTurn } from '../../tests/support/turns.ts';
import { say } from '../say.ts';
import { percentile } from './scale/product.ts';
import { REPLY, startRoom } from './browser/start-room.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000' },
    throttle: { type: 'string', default: '4' },
    tokens: { type: 'string', default: '1500' },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
  },
});
const LONGEST_TASK_MS = 50;
/** A server hands down what was said every 40 ms for each agent: four of them make a hundred events a second. */
const TOKEN_DELAY_MS = 10;
/** As somebody who looks for the beginning: some forty windows a second. */
const READ_PX = 2_000;
const READ_EVERY_MS = 60;
/** The most time for reading back: on a slow machine the first message may not be reached. */
const READING_MS = 90_000;

type Watch = { tasks: number[]; frames: number[]; shifts: { by: number; what: string[] }[] };
declare global {
  var watch: Watch;
}

const { url, client, roomId, model, browser, close } = await startRoom({ messages: Number(values.messages) });
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url })));
  const page = await context.newPage();
  await page.addInitScript(watchPage);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: Number(values.throttle) });

  await phase('loading', page, cdp, async () => {
    await page.goto(`${url}/rooms/${roomId}`);
    await page.locator('[data-turn]').last().waitFor();
    await sleep(3_000);
  });
  if ('reading back'.startsWith(values.only)) await readBack(page, cdp);
  if ('streaming'.startsWith(values.only)) await stream(page, cdp);
} finally {
  await close();
}
// Or what looks after the database would end the process with 0.
process.exit();

async function readBack(page: Page, cdp: CDPSession): Promise<void> {
  await phase('reading back', page, cdp, async () => {
    const from = performance.now();
    for (const until = Date.now() + READING_MS; Date.now() < until;) {
      // Asked for without locators, which work out the role of each element and are most of such a page’s work.
      const arrived = await page.evaluate((by) => {
        const timeline = document.querySelector('[data-timeline]');
        timeline?.scrollBy({ top: -by, behavior: 'instant' });
        const more = [...document.querySelectorAll('[data-timeline] button')].some(
          ({ textContent }) => textContent === 'Show earlier messages',
        );
        return timeline !== null && timeline.scrollTop < 1 && !more;
      }, READ_PX);
      if (arrived) break;
      await sleep(READ_EVERY_MS);
    }
    const messages = await page.locator('[data-turn], [data-step]').count();
    say(`  ${messages} messages are in the page after ${((performance.now() - from) / 1_000).toFixed(0)} s`);
    if (messages < Number(values.messages)) process.exitCode = 1;
  });
  await phase('from the first message to the last', page, cdp, async () => {
    await page.getByRole('button', { name: 'Latest' }).click();
    await sleep(3_000);
  });
}

async function stream(page: Page, cdp: CDPSession): Promise<void> {
  const text = Array.from({ length: Math.ceil(Number(values.tokens) / REPLY.split(' ').length) }, () => REPLY).join(
    '\n\n',
  );
  model.setRules([{ match: { structured: false }, behaviour: { text, tokenDelayMs: TOKEN_DELAY_MS } }]);
  const streaming = await phase('four agents streaming', page, cdp, async () => {
    const turn = await sendTurn(client, roomId, '@all At length, please');
    await page.reload().catch(() => undefined);
    await page.locator('[data-step=running]').first().waitFor({ timeout: 20_000 });
    await sleep(2_000);
    await page.evaluate(() => {
      for (const list of Object.values(watch)) list.length = 0;
    });
    const from = performance.now();
    const before = (await client.get<{ lastSeq: number }>(`/turns/${turn.id}`)).body.lastSeq;
    const ended = await waitForTurn(client, turn.id, { timeoutMs: 120_000 });
    const seconds = (performance.now() - from) / 1_000;
    say(`  ${((ended.lastSeq - before) / seconds).toFixed(0)} events a second for ${seconds.toFixed(0)} s`);
    await sleep(1_000);
  });
  if (streaming.longest > LONGEST_TASK_MS || streaming.shift > 0) process.exitCode = 1;
}

async function phase(name: string, page: Page, cdp: CDPSession, work: () => Promise<void>) {
  say(name);
  if (values.profile) {
    await cdp.send('Profiler.enable');
    await cdp.send('Profiler.setSamplingInterval', { interval: 500 });
    await cdp.send('Profiler.start');
  }
  await page.evaluate(() => {
    // Before the first page there is nothing.
    if ('watch' in globalThis) for (const list of Object.values(watch)) list.length = 0;
  });
  await work();
  if (values.profile) {
    const { profile } = await cdp.send('Profiler.stop');
    await writeFile(`${values.profile}-${name.replaceAll(' ', '-')}.cpuprofile`, JSON.stringify(profile));
  }
  const { tasks, frames, shifts } = await page.evaluate(() => watch);
  const { metrics } = await cdp.send('Performance.getMetrics');
  const heap = (metrics.find(({ name: metric }) => metric === 'JSHeapUsedSize')?.value ?? 0) / 1_048_576;
  const longest = Math.max(0, ...tasks);
  const shift = shifts.reduce((sum, { by }) => sum + by, 0);
  say(
    `  longest task ${longest.toFixed(0)} ms, ${tasks.length} above ${LONGEST_TASK_MS} ms; frames p50 ${percentile(frames, 0.5).toFixed(1)}, ` +
      `p95 ${percentile(frames, 0.95).toFixed(1)}, longest ${Math.max(...frames).toFixed(0)} ms; layout shift ${shift.toFixed(4)}; heap ${heap.toFixed(0)} MB`,
  );
  for (const { by, what } of shifts.slice(0, 5)) say(`    shift ${by.toFixed(4)}: ${what.join(' | ')}`);
  return { longest, shift };
}

/** In the page, before anything else. */
function watchPage(): void {
  const watch: Watch = { tasks: [], frames: [], shifts: [] };
  globalThis.watch = watch;
  new PerformanceObserver((list) => {
    watch.tasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask' });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node?: Element }[];
    })[]) {
      if (entry.hadRecentInput) continue;
      const what = entry.sources.map(({ node }) => `${node?.nodeName}.${String(node?.className).slice(0, 60)}`);
      watch.shifts.push({ by: entry.value, what });
    }
  }).observe({ type: 'layout-shift' });
  let last = performance.now();
  const tick = (now: number) => {
    watch.frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}
