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

test('what goes behind a commit is carried out after it, by itself: its failure takes nothing back', async () => {
  const small = createPool(url, { max: 1 });
  afterFile(() => small.end());
  let behind: Promise<unknown> | undefined;
  const result = await transaction(small, async (tx, commit) => {
    const written = tx.query(`INSERT INTO platform_settings (key, value) VALUES ('kept', '1')`);
    commit(() => (behind = tx.query('SELECT pg_sleep(0.2), 1 / 0')));
    return (await written).rowCount;
  });
  expect(result).toBe(1);
  expect((await pool.query(`SELECT 1 FROM platform_settings WHERE key = 'kept'`)).rowCount).toBe(1);
  await expect(behind).rejects.toThrow('division by zero');
  expect((await small.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
});

test('a connection that breaks under what goes behind a commit is replaced', async () => {
  const small = createPool(url, { max: 1 });
  afterFile(() => small.end());
  let behind: Promise<unknown> | undefined;
  await transaction(small, async (tx, commit) => {
    commit(() => (behind = tx.query('SELECT pg_terminate_backend(pg_backend_pid())')));
    return Promise.resolve();
  });
  await expect(behind).rejects.toThrow();
  expect((await small.query('SELECT 3 AS three')).rows).toEqual([{ three: 3 }]);
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
