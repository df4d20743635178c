import { getHeapStatistics } from 'node:v8';
import type { Env } from '#server/platform/env.ts';

export type Load = {
  /** Why this process should take on nothing more, or null. */
  why(): 'event_loop' | 'memory' | null;
  /** Milliseconds by which timers are late, smoothed. */
  readonly delayMs: number;
  /** Begins to look: once the process serves, since what it loads before that takes the loop for seconds. */
  start(): void;
  stop(): void;
};

const LOOK_EVERY_MS = 250;
/** How much the newest look counts, and at how many times the limit it is cut: one long pause is no overload, two in a row are. */
const WEIGHT = 1 / 3;
const MOST = 2;

/** Watches how late the event loop is and how much memory the process takes. */
export function watchLoad(env: Pick<Env, 'limitEventLoopDelayMs' | 'limitMemoryMb'>): Load {
  let delayMs = 0;
  let due = 0;
  let timer: NodeJS.Timeout | undefined;
  const heapLimit = getHeapStatistics().heap_size_limit * 0.9;

  function look(): void {
    const late = Math.max(0, performance.now() - due);
    due = performance.now() + LOOK_EVERY_MS;
    delayMs += (Math.min(late, env.limitEventLoopDelayMs * MOST) - delayMs) * WEIGHT;
    memoryIsShort = isMemoryShort();
  }

  // Looked at now and then, not by each request: asking the system costs more than many answers do.
  let memoryIsShort = isMemoryShort();
  function isMemoryShort(): boolean {
    if (env.limitMemoryMb === null) return process.memoryUsage().heapUsed > heapLimit;
    return process.memoryUsage.rss() > env.limitMemoryMb * 1024 * 1024;
  }

  return {
    why() {
      if (delayMs > env.limitEventLoopDelayMs) return 'event_loop';
      return memoryIsShort ? 'memory' : null;
    },
    get delayMs() {
      return delayMs;
    },
    start() {
      due = performance.now() + LOOK_EVERY_MS;
      timer = setInterval(look, LOOK_EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}
