import type { App } from '#server/app.ts';

export type PurgeApp = Pick<
  App,
  'env' | 'db' | 'prisma' | 'storage' | 'log' | 'metrics' | 'hub' | 'writer' | 'llm' | 'runner'
>;

/** `asked`: whoever deleted it may have restored it since; then nothing is done. False when a tombstone is replayed. */
export type PurgeOptions = { asked: boolean };

/** What went, by what it was: `{ turns: 12, files: 1 }`. */
export type Counts = Record<string, number>;

/** The sum of both. */
export function addCounts(a: Counts, b: Counts): Counts {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
