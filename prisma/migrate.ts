import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { NO_FILTERS, withSchemaEngine } from './schema-engine.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

/** Any number, as long as nobody else takes it: processes that start together migrate one after the other. */
const LOCK = 7_265_471;

/**
 * Brings the database to this version: prisma/migrations (recorded in _prisma_migrations as `prisma migrate deploy` does),
 * LangGraph's schema `langgraph` and pg-boss's schema `pgboss`, all under one advisory lock, because none of the three
 * guards itself well enough. Returns the names of the migrations that were applied now.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'pantheon-migrate' });
  // A broken connection shows in the statement that meets it; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const applied = await applyMigrations(client, databaseUrl);
    await setUpCheckpoints(databaseUrl);
    await guardCheckpoints(client);
    await setUpQueue(databaseUrl);
    return applied;
  } finally {
    await client.end();
  }
}

/** The engine takes a while to load, so it is asked only when a migration is missing. */
async function applyMigrations(client: pg.Client, databaseUrl: string): Promise<string[]> {
  const migrationsList = await readMigrations();
  const done = await appliedMigrations(client);
  if (migrationsList.migrationDirectories.every(({ path }) => done.has(path))) return [];
  const datamodel = await readFile(join(import.meta.dirname, 'schema.prisma'), 'utf8');
  return withSchemaEngine(databaseUrl, datamodel, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
    return appliedMigrationNames;
  });
}

/** A migration that was begun and not finished was rolled back as a whole (see schema-engine.ts): it is forgotten. */
async function appliedMigrations(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ present: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS present`,
  );
  if (!rows[0]?.present) return new Set();
  await client.query('DELETE FROM public._prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL');
  const applied = await client.query<{ migration_name: string }>(
    'SELECT migration_name FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Set(applied.rows.map((row) => row.migration_name));
}

async function readMigrations(): Promise<MigrationList> {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: FOLDER,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(FOLDER, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(join(FOLDER, name, 'migration.sql'), 'utf8') },
        },
      })),
    ),
  };
}

async function setUpCheckpoints(databaseUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', () => undefined);
  try {
    await new PostgresSaver(pool, undefined, { schema: 'langgraph' }).setup();
  } finally {
    await pool.end();
  }
}

/** LangGraph's tables know nothing of turns: a late write must not bring back what was purged (0038_fewer_records). */
async function guardCheckpoints(client: pg.Client): Promise<void> {
  for (const table of ['checkpoints', 'checkpoint_blobs', 'checkpoint_writes']) {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_trigger WHERE tgname = 'refuse_purged_threads' AND tgrelid = $1::regclass`,
      [`langgraph.${table}`],
    );
    if (rowCount !== 0) continue;
    await client.query(`CREATE TRIGGER refuse_purged_threads AFTER INSERT ON langgraph.${table}
      REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_purged_threads()`);
  }
}

async function setUpQueue(databaseUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: 'pgboss',
    max: 1,
    supervise: false,
    schedule: false,
  });
  const failures: Error[] = [];
  boss.on('error', (error) => failures.push(error));
  await boss.start();
  await boss.stop({ graceful: false });
  if (failures[0]) throw failures[0];
}
