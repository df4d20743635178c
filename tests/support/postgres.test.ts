import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './postgres.ts';

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

test('a test database has the product’s tables, LangGraph’s and pg-boss’s, and nothing in them', async () => {
  const { url } = await createTestDatabase();
  const found = await ask(
    url,
    `SELECT to_regclass('public.turns') IS NOT NULL AS turns, to_regclass('langgraph.checkpoints') IS NOT NULL AS checkpoints,
            to_regclass('pgboss.job') IS NOT NULL AS jobs, (SELECT count(*)::int FROM users) AS users`,
  );
  expect(found).toEqual([{ turns: true, checkpoints: true, jobs: true, users: 0 }]);
});

test('what one database holds, another does not see', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await ask(one.url, `INSERT INTO rate_limits (key) VALUES ('mine')`);
  expect(await ask(two.url, 'SELECT key FROM rate_limits')).toEqual([]);
});
