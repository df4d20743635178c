/**
 * How smooth a conversation is in a browser: `npm run bench:timeline`. A room of 1,000 messages, in Chromium with its CPU
 * throttled four times: it is loaded, read back to its first message, left at its last; then four agents write into it at once, in a
 * phone's window and in a desktop's, their words at a fixed pace whatever the server manages on this machine.
 * Printed for each: the tasks that held up the page, frames, layout shift, memory; of the streams each long task and what it was
 * made of, in time that passed and in time of a processor, which other work beside it says less about.
 *
 * Options: --messages 1000 --throttle 4 --tokens 1500 --pace 100 --only reading|streaming --width 390|1280 --profile cpu (writes
 * cpu-<phase>.cpuprofile) --trace trace (writes trace-<width>.json). Ends with 1 when a task took a processor more than 50 ms while
 * the agents wrote, anything shifted then, or the first message was not reached.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { BrowserContextOptions, CDPSession, Page } from '@playwright/test';
import type { Turn, TurnEvent } from '#server/turns/contract.ts';
import { createRoom } from '../../tests/support/rooms.ts';
import { followEvents, getTurn, runTurn, sendTurn, waitForTurn } from '../../tests/support/turns.ts';
import { say } from '../say.ts';
import { percentile } from './scale/product.ts';
import { paceEvents, retell } from './browser/pace-events.ts';
import { AGENTS, REPLY, startRoom } from './browser/start-room.ts';
import { traceTasks, type Task } from './browser/trace-tasks.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000' },
    throttle: { type: 'string', default: '4' },
    tokens: { type: 'string', default: '1500' },
    only: { type: 'string', default: '' },
    width: { type: 'string', default: '' },
    pace: { type: 'string', default: '100' },
    profile: { type: 'string' },
    trace: { type: 'string' },
  },
});
const LONGEST_TASK_MS = 50;
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const WINDOWS = [PHONE, DESKTOP];
/** As somebody who looks for the beginning: some forty windows a second. */
const READ_PX = 2_000;
const READ_EVERY_MS = 60;
/** By then every piece of a page is awake. */
const AWAKE_MS = 6_000;
/** The most time for reading back: on a slow machine the first message may not be reached. */
const READING_MS = 90_000;

type Watch = { tasks: number[]; frames: number[]; shifts: { by: number; what: string[] }[] };
declare global {
  var watch: Watch;
}

const { url, client, roomId, model, browser, close } = await startRoom({ messages: Number(values.messages) });
try {
  if ('reading'.startsWith(values.only)) await readBack();
  if ('streaming'.startsWith(values.only)) await stream();
} finally {
  await close();
}
// Or what looks after the database would end the process with 0.
process.exit();

/** A page of this window which watches itself. */
async function open(window: BrowserContextOptions, { frames }: { frames: boolean }) {
  const context = await browser.newContext({ ...window, serviceWorkers: 'block' });
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url })));
  const page = await context.newPage();
  await page.addInitScript(watchPage);
  // A callback in each frame would itself be work of each frame.
  if (frames) await page.addInitScript(watchFrames);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  return { context, page, cdp };
}

async function throttle(cdp: CDPSession): Promise<void> {
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: Number(values.throttle) });
}

async function readBack(): Promise<void> {
  const { context, page, cdp } = await open(DESKTOP, { frames: true });
  await throttle(cdp);
  await phase('loading', page, cdp, async () => {
    await page.goto(`${url}/rooms/${roomId}`);
    await page.locator('[data-turn]').last().waitFor();
    await sleep(3_000);
  });
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
  await context.close();
}

/** Four agents at once, in a phone's window and in a desktop's: their words reach the page at a fixed pace. */
async function stream(): Promise<void> {
  const times = Math.ceil(Number(values.tokens) / REPLY.split(' ').length);
  const text = Array.from({ length: times }, () => REPLY).join('\n\n');
  model.setRules([{ match: { structured: false }, behaviour: { text } }]);
  // In a room of its own: the one that is looked at goes on after its thousand messages.
  const elsewhere = await createRoom(client, { name: 'Elsewhere', mode: 'manual', agents: AGENTS });
  const told = await runTurn(client, elsewhere.id, '@all At length, please');
  const recorded: TurnEvent[] = [];
  for await (const event of followEvents(client, told.id, { after: 0 })) recorded.push(event);
  model.setRules([{ match: { structured: false }, behaviour: { text, hang: 'mid_stream', afterTokens: 1 } }]);
  for (const window of WINDOWS) {
    if (!String(window.viewport.width).startsWith(values.width)) continue;
    const turn = await sendTurn(client, roomId, '@all At length, please');
    const begun = await waitForFirstWords(turn.id, told.steps.length);
    const { page, cdp, context } = await open(window, { frames: false });
    const events = retell(recorded, told, begun);
    const pace = await paceEvents(cdp, events, Number(values.pace));
    await page.goto(`${url}/rooms/${roomId}`);
    await page.locator('[data-step=running]').first().waitFor({ timeout: 20_000 });
    // Awake to its last piece: what loading takes is the other part's.
    await sleep(AWAKE_MS);
    await throttle(cdp);
    let tasks: Task[] = [];
    const name = `four agents streaming, ${values.pace} events a second, ${window.viewport.width} px`;
    const { shift } = await phase(name, page, cdp, async () => {
      tasks = await traceTasks(
        browser,
        page,
        async () => {
          pace.begin();
          await pace.ended;
          await sleep(2_000);
        },
        values.trace && `${values.trace}-${window.viewport.width}.json`,
      );
    });
    reportTasks(tasks);
    if (tasks.some(({ processor }) => processor > LONGEST_TASK_MS) || shift > 0) process.exitCode = 1;
    await pace.close();
    await context.close();
    await client.post(`/turns/${turn.id}/stop`);
    await waitForTurn(client, turn.id);
  }
}

async function waitForFirstWords(turnId: string, count: number): Promise<Turn> {
  for (;;) {
    const turn = await getTurn(client, turnId);
    if (turn.steps.filter(({ content }) => content !== '').length === count) return turn;
    await sleep(50);
  }
}

function reportTasks(tasks: readonly Task[]): void {
  const long = (time: 'processor' | 'wall') => tasks.filter((task) => task[time] > LONGEST_TASK_MS);
  const sum = (figures: number[]) => figures.reduce((all, ms) => all + ms, 0);
  for (const time of ['processor', 'wall'] as const) {
    const beyond = sum(long(time).map((task) => task[time] - LONGEST_TASK_MS));
    const longest = Math.max(0, ...tasks.map((task) => task[time]));
    say(
      `  ${time === 'wall' ? 'wall time' : 'processor time'}: ${long(time).length} tasks above ${LONGEST_TASK_MS} ms, longest ${longest.toFixed(0)}, ` +
        `beyond ${LONGEST_TASK_MS} ms in all ${beyond.toFixed(0)} ms, busy ${(sum(tasks.map((task) => task[time])) / 1_000).toFixed(1)} s`,
    );
  }
  for (const { processor, wall, at, parts } of tasks.slice(0, Math.max(3, Math.min(long('processor').length, 12)))) {
    say(
      `    ${processor.toFixed(0)} ms (${wall.toFixed(0)} passed) at ${(at / 1_000).toFixed(1)} s: ${parts.map(({ name, ms, detail }) => `${name} ${ms.toFixed(0)}${detail}`).join(', ')}`,
    );
  }
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
  const smooth = `frames p50 ${percentile(frames, 0.5).toFixed(1)}, p95 ${percentile(frames, 0.95).toFixed(1)}, longest ${Math.max(...frames).toFixed(0)} ms; `;
  say(
    `  longest task ${longest.toFixed(0)} ms, ${tasks.length} above ${LONGEST_TASK_MS} ms; ${frames.length > 0 ? smooth : ''}` +
      `layout shift ${shift.toFixed(4)}; heap ${heap.toFixed(0)} MB`,
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
      sources: { node?: Element; previousRect: DOMRect; currentRect: DOMRect }[];
    })[]) {
      if (entry.hadRecentInput) continue;
      const rect = ({ top, height }: DOMRect) => `${top.toFixed(0)}+${height.toFixed(0)}`;
      const what = entry.sources.map(
        ({ node, previousRect, currentRect }) =>
          `${node?.nodeName}.${String(node?.className).slice(0, 30)} ${rect(previousRect)} → ${rect(currentRect)}`,
      );
      what.push(`at ${(entry.startTime / 1_000).toFixed(1)} s`);
      watch.shifts.push({ by: entry.value, what });
    }
  }).observe({ type: 'layout-shift' });
}

function watchFrames(): void {
  let last = performance.now();
  const tick = (now: number) => {
    watch.frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}
