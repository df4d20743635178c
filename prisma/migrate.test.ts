import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '#prisma/migrate.ts';
import { createPool } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import { afterFile } from '#tests/support/after-file.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

test('processes that start together migrate once, and a migrated database is left alone', async () => {
  const { url } = await createTestDatabase({ migrated: false });
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await migrate(url)).toEqual([]);

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ schema: string }>(
    `SELECT DISTINCT table_schema AS schema FROM information_schema.tables WHERE table_schema IN ('public', 'langgraph', 'pgboss')`,
  );
  await client.end();
  expect(rows.map((row) => row.schema).sort()).toEqual(['langgraph', 'pgboss', 'public']);
});

test('a migration that was cut off is taken up again', async () => {
  const { url } = await createTestDatabase({ migrated: false });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(url);
  // What a kill in the middle leaves: the row of the newest migration without its end, and nothing of its work.
  await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public`);
  await client.query(`CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL,
    finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`);
  await client.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', '0001_init')`);
  const applied = await migrate(url);
  await client.end();
  expect(applied).toContain('0001_init');
});

test('ledger, usage and audit rows can be added, and never changed, deleted or truncated', async () => {
  const { url } = await createTestDatabase();
  const pool = createPool(url);
  afterFile(() => pool.end());
  await pool.query(`INSERT INTO admin_audit_logs (id, action, target_type) VALUES ($1, 'test', 'nothing')`, [newId()]);
  const tables = [
    'admin_audit_logs',
    'credit_transactions',
    'llm_call_events',
    'tool_call_events',
    'file_access_events',
  ];
  for (const table of tables) {
    await expect(pool.query(`DELETE FROM ${table}`)).rejects.toThrow('append-only');
    await expect(pool.query(`UPDATE ${table} SET id = id`)).rejects.toThrow('append-only');
    await expect(pool.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow('append-only');
  }
});
