import { expect, test } from 'vitest';
import { createPool, isConnectionError, transaction } from '#server/platform/db.ts';
import { afterFile } from '#tests/support/after-file.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

const { url } = await createTestDatabase();
const pool = createPool(url);
afterFile(() => pool.end());

test('int8 is a bigint, so that credits never pass through a float', async () => {
  const { rows } = await pool.query('SELECT 9007199254740993::int8 AS n, 7::int4 AS i, count(*) AS c FROM plans');
  expect(rows).toEqual([{ n: 9007199254740993n, i: 7, c: 3n }]);
});

test('a transaction that throws leaves nothing behind, and its connection is fine', async () => {
  const work = transaction(pool, async (tx) => {
    await tx.query(`INSERT INTO platform_settings (key, value) VALUES ('x', '1')`);
    throw new Error('changed my mind');
  });
  await expect(work).rejects.toThrow('changed my mind');
  expect((await pool.query(`SELECT 1 FROM platform_settings WHERE key = 'x'`)).rowCount).toBe(0);
});

test('a connection that the database ends is an error of the connection, and the pool goes on', async () => {
  const work = transaction(pool, (tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())'));
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(isConnectionError(error)).toBe(true);
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('an error of a statement is none of the connection', async () => {
  const error: unknown = await pool.query('SELECT 1/0').catch((reason: unknown) => reason);
  expect(isConnectionError(error)).toBe(false);
});
