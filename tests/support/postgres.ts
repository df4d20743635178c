import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { afterFile } from './after-file.ts';
import { TEMPLATE, urlOf } from './test-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The maintenance database of the PostgreSQL that the global setup started. */
    adminUrl: string;
    templateProblem: string | null;
  }
}

export type TestDatabase = { url: string; name: string; drop: () => Promise<void> };

/**
 * A database of a test file's own: a copy of the migrated template (or an empty one), some 50 ms. It is dropped
 * after the file's last test, whoever is still connected.
 */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const problem = inject('templateProblem');
  if (migrated && problem !== null) throw new Error(problem);
  const database = await createDatabaseOn(adminUrl, { migrated });
  afterFile(database.drop);
  return database;
}

/** A copy of a database as it is now, as a restored backup would be. Nobody may be connected to it. */
export async function copyTestDatabase(name: string): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const copy = `test_${randomBytes(8).toString('hex')}`;
  await onServer(adminUrl, `CREATE DATABASE ${copy} TEMPLATE ${name} STRATEGY file_copy`);
  const drop = () => onServer(adminUrl, `DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`);
  afterFile(drop);
  return { name: copy, url: urlOf(adminUrl, copy), drop };
}

/** The same for programs that Vitest doesn't run; the caller drops it. */
export async function createDatabaseOn(adminUrl: string, { migrated = true } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${migrated ? TEMPLATE : 'template0'} STRATEGY file_copy`);
  return {
    name,
    url: urlOf(adminUrl, name),
    drop: () => onServer(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
