import { writeFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';

/**
 * One piece of work of a page's main thread, in ms. `processor` is what it took of a processor, `wall` what passed meanwhile, `at`
 * when it began, `parts` what it was made of, each without what it called.
 */
export type Task = {
  wall: number;
  processor: number;
  at: number;
  parts: { name: string; ms: number; detail: string }[];
};

type Entry = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args?: Record<string, unknown>;
};

const CATEGORIES = [
  '-*',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.stack',
  'v8.execute',
  '__metadata',
];
const SMALLEST_PART_MS = 3;

/** What a page's main thread does while `work` runs, task by task, the longest first. The trace is kept in `file`, for Chromium to show. */
export async function traceTasks(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
  file?: string,
): Promise<Task[]> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const trace = (await browser.stopTracing()).toString();
  if (file) await writeFile(file, trace);
  const { traceEvents } = JSON.parse(trace) as { traceEvents: Entry[] };
  return tasksOf(traceEvents);
}

function tasksOf(entries: readonly Entry[]): Task[] {
  const threads = new Set(
    entries
      .filter(({ name, args }) => name === 'thread_name' && args?.['name'] === 'CrRendererMain')
      .map((thread) => placeOf(thread)),
  );
  const timed = entries.filter((entry) => entry.ph === 'X' && threads.has(placeOf(entry)));
  // The page's own process is the one that worked.
  const byThread = Map.groupBy(timed, placeOf);
  const busiest = [...byThread.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  const sorted = busiest.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const first = sorted[0]?.ts ?? 0;
  const tasks: Task[] = [];
  let task: { entry: Entry; own: Task } | null = null;
  let open: { entry: Entry; children: number }[] = [];
  const close = (until: number) => {
    for (let last = open.at(-1); last && last.entry.ts + (last.entry.dur ?? 0) <= until; last = open.at(-1)) {
      open.pop();
      const spent = processorOf(last.entry);
      const outer = open.at(-1);
      if (outer) outer.children += spent;
      const ms = spent - last.children;
      if (task && ms >= SMALLEST_PART_MS)
        task.own.parts.push({ name: last.entry.name, ms, detail: detailOf(last.entry) });
    }
  };
  for (const entry of sorted) {
    close(entry.ts);
    if (entry.name === 'RunTask') {
      close(Infinity);
      open = [];
      task = {
        entry,
        own: {
          at: (entry.ts - first) / 1_000,
          wall: (entry.dur ?? 0) / 1_000,
          processor: processorOf(entry),
          parts: [],
        },
      };
      tasks.push(task.own);
    }
    open.push({ entry, children: 0 });
  }
  close(Infinity);
  return tasks.toSorted((a, b) => b.processor - a.processor);
}

function placeOf({ pid, tid }: Entry): string {
  return `${pid} ${tid}`;
}

function processorOf({ tdur, dur }: Entry): number {
  return (tdur ?? dur ?? 0) / 1_000;
}

/** How much of the page a part was about, where the browser tells. */
function detailOf({ args }: Entry): string {
  const begin = args?.['beginData'] as { dirtyObjects?: number; totalObjects?: number } | undefined;
  if (begin?.dirtyObjects !== undefined) return ` (${begin.dirtyObjects} of ${begin.totalObjects} boxes)`;
  return args?.['elementCount'] === undefined ? '' : ` (${Number(args['elementCount'])} elements)`;
}
