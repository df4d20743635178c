import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NO_FILTERS, withSchemaEngine } from './schema-engine.ts';

const SCHEMA = join(import.meta.dirname, 'schema.prisma');
const FOLDER = join(import.meta.dirname, 'migrations');

/** The schema as of the newest migration. The engine can't diff from SQL without a shadow database, so a copy is kept. */
const MIGRATED = join(FOLDER, 'migrated.prisma');

/**
 * Writes prisma/migrations/<next number>_<name>/migration.sql with what changed in schema.prisma since the newest
 * migration; an empty file when nothing did, for a migration by hand. Returns its path. The database is not changed.
 */
export async function newMigration(name: string, databaseUrl: string): Promise<string> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error('A migration’s name is like add_room_color: a–z, digits and _.');
  const to = await readFile(SCHEMA, 'utf8');
  const from = await readFile(MIGRATED, 'utf8').catch(() => null);
  const sql = await diff(from, to, databaseUrl);
  const existing = (await readdir(FOLDER)).filter((entry) => /^\d{4}_/.test(entry)).sort();
  const next = String(Number(existing.at(-1)?.slice(0, 4) ?? 0) + 1).padStart(4, '0');
  const folder = join(FOLDER, `${next}_${name}`);
  await mkdir(folder);
  const path = join(folder, 'migration.sql');
  await writeFile(path, sql);
  await writeFile(MIGRATED, to);
  return path;
}

/** Both sides are datamodels, but the engine wants a database to talk to before it compares them. */
async function diff(from: string | null, to: string, databaseUrl: string): Promise<string> {
  const datamodel = (content: string) => ({
    tag: 'schemaDatamodel' as const,
    files: [{ path: 'schema.prisma', content }],
  });
  return withSchemaEngine(databaseUrl, to, async (engine) => {
    const { stdout } = await engine.diff({
      from: from === null ? { tag: 'empty' } : datamodel(from),
      to: datamodel(to),
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    return stdout === null || stdout.includes('This is an empty migration') ? '' : stdout;
  });
}
