import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from 'winston';
import type { ZodType } from 'zod';
import type { Metrics } from '#server/platform/metrics.ts';
import type { JobHandler, JobOptions } from '#server/platform/queue.ts';

export type JobWorker = { readonly name: string; start(): void; wake(): void; stop(graceMs: number): Promise<void> };

const LOOK_EVERY_MS = 2_000;
const TOUCH_EVERY_MS = 10_000;

/**
 * Runs the jobs of one queue, as many at once as it may. It fetches whenever a slot is free, since pg-boss's own `work()`
 * takes one batch and then sleeps, so that a few hundred waiting jobs would take minutes.
 */
export function createJobWorker(given: {
  boss: PgBoss;
  log: Logger;
  metrics: Metrics;
  name: string;
  payload: ZodType<object>;
  options: JobOptions;
  handler: JobHandler<object>;
}): JobWorker {
  const { boss, log, metrics, name, options } = given;
  const concurrency = options.concurrency ?? 4;
  const running = new Map<JobWithMetadata, Promise<void>>();
  const stopping = new AbortController();
  const aborts = new AbortController();
  let looking = false;
  let wakes = 0;
  let lookTimer: NodeJS.Timeout | undefined;
  let touchTimer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    wakes += 1;
    if (looking) return;
    looking = true;
    try {
      for (let seen = 0; seen !== wakes && !stopping.signal.aborted;) {
        seen = wakes;
        const free = concurrency - running.size;
        if (free === 0) break;
        const jobs = await boss.fetch<object>(name, { batchSize: free, includeMetadata: true });
        for (const job of jobs) begin(job);
      }
    } catch (error) {
      log.warn('jobs could not be fetched; trying again', { queue: name, error });
    } finally {
      looking = false;
    }
  }

  function begin(job: JobWithMetadata): void {
    const work = run(job).finally(() => {
      running.delete(job);
      if (!stopping.signal.aborted) void look();
    });
    running.set(job, work);
  }

  async function run(job: JobWithMetadata): Promise<void> {
    const attempt = { id: job.id, retryCount: job.retryCount };
    const ids = { queue: name, jobId: job.id, attempt: job.retryCount + 1 };
    try {
      await given.handler(given.payload.parse(job.data), { id: job.id, signal: aborts.signal });
      await boss.complete(name, attempt);
      metrics.jobsFinished.inc({ queue: name, status: 'ok' });
    } catch (error) {
      const last = job.retryCount >= job.retryLimit;
      metrics.jobsFinished.inc({ queue: name, status: last ? 'failed' : 'retried' });
      log[last ? 'error' : 'warn'](last ? 'a job failed for good' : 'a job failed and is tried again', {
        ...ids,
        error,
      });
      // What is stored of it is the error's name: messages may quote content.
      const reason = { name: error instanceof Error ? error.name : 'Error' };
      await boss.fail(name, attempt, reason).catch((failure: unknown) => {
        log.warn('a failed job could not be marked; it expires by itself', { ...ids, error: failure });
      });
    }
  }

  async function touch(): Promise<void> {
    const attempts = [...running.keys()].map(({ id, retryCount }) => ({ id, retryCount }));
    if (attempts.length === 0) return;
    await boss.touch(name, attempts).catch((error: unknown) => {
      log.warn('running jobs could not be touched', { queue: name, error });
    });
  }

  return {
    name,
    start() {
      lookTimer = setInterval(() => void look(), LOOK_EVERY_MS);
      touchTimer = setInterval(() => void touch(), TOUCH_EVERY_MS);
      void look();
    },
    wake: () => void look(),
    async stop(graceMs) {
      stopping.abort();
      clearInterval(lookTimer);
      const all = Promise.allSettled(running.values());
      const timer = setTimeout(() => aborts.abort(), graceMs);
      // A handler that ignores the abort is left behind: its job expires and runs again elsewhere.
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, graceMs + 2_000).unref())]);
      clearTimeout(timer);
      clearInterval(touchTimer);
    },
  };
}
