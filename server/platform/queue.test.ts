import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createPrisma } from '#server/platform/create-prisma.ts';
import { createPool, transaction } from '#server/platform/db.ts';
import { createLogger } from '#server/platform/logger.ts';
import { createMetrics } from '#server/platform/metrics.ts';
import { createQueue, type JobHandler, type JobOptions, type Queue } from '#server/platform/queue.ts';
import { afterFile } from '#tests/support/after-file.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

const ZPayload = z.object({ n: z.int() });
type Payload = z.infer<typeof ZPayload>;

const { url } = await createTestDatabase();
const db = createPool(url);
afterFile(() => db.end());
const log = createLogger({ logLevel: 'error', production: true }, new PassThrough().resume());

async function startQueue(
  name: string,
  options: JobOptions,
  handler: JobHandler<Payload>,
  work = true,
): Promise<Queue> {
  const queue = createQueue({ databaseUrl: url, log, metrics: createMetrics() });
  queue.define(name, ZPayload, options, handler);
  await queue.start({ work });
  afterFile(() => queue.stop(0));
  return queue;
}

test('a job that is sent by one process is done by another, each once', async () => {
  const done: number[] = [];
  const sender = await startQueue('count', {}, () => Promise.resolve(), false);
  await startQueue('count', { concurrency: 8 }, ({ n }) => Promise.resolve(void done.push(n)));
  const numbers = Array.from({ length: 200 }, (_, n) => n);
  await Promise.all(numbers.map((n) => sender.send('count', { n })));
  await vi.waitFor(() => expect(done).toHaveLength(200), { timeout: 15_000 });
  expect(done.toSorted((a, b) => a - b)).toEqual(numbers);
});

test('a job that is sent in a transaction exists only if that commits, with pg and with Prisma', async () => {
  const done: number[] = [];
  const queue = await startQueue('within', {}, ({ n }) => Promise.resolve(void done.push(n)));
  const prisma = createPrisma(db);
  const fail = () => Promise.reject(new Error('rolled back'));
  await transaction(db, (tx) => queue.send('within', { n: 1 }, { tx }).then(fail)).catch(() => undefined);
  await prisma.$transaction((tx) => queue.send('within', { n: 2 }, { tx }).then(fail)).catch(() => undefined);
  await transaction(db, (tx) => queue.send('within', { n: 3 }, { tx }));
  await prisma.$transaction((tx) => queue.send('within', { n: 4 }, { tx }));
  await vi.waitFor(() => expect(done).toHaveLength(2), { timeout: 10_000 });
  expect(done.toSorted()).toEqual([3, 4]);
});

test('a job that fails is tried again; its error’s words are not stored (I8)', async () => {
  const attempts: number[] = [];
  const queue = await startQueue('flaky', { retryLimit: 2, retryDelaySeconds: 1 }, ({ n }) => {
    attempts.push(n);
    return attempts.length < 2 ? Promise.reject(new TypeError('the secret plan')) : Promise.resolve();
  });
  await queue.send('flaky', { n: 7 });
  await vi.waitFor(() => expect(attempts).toEqual([7, 7]), { timeout: 15_000 });
  const { rows } = await db.query(`SELECT output::text FROM pgboss.job WHERE name = 'flaky'`);
  expect(JSON.stringify(rows)).not.toContain('secret plan');
});

test('jobs of one key that wait become one with the policy short', async () => {
  const queue = await startQueue('ring', { policy: 'short' }, () => Promise.resolve(), false);
  for (const key of ['a', 'a', 'b', 'a']) await queue.send('ring', { n: 1 }, { key });
  expect(await queue.depths()).toContainEqual({ queue: 'ring', state: 'created', count: 2 });
});

test('a payload that is not the job’s is refused when it is sent', async () => {
  const queue = await startQueue('strict', {}, () => Promise.resolve(), false);
  await expect(queue.send('strict', { n: 'many' })).rejects.toThrow(/expected number/);
  await expect(queue.send('unknown', {})).rejects.toThrow('No job is called unknown');
});
