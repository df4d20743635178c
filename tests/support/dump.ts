import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pool } from 'pg';

/** Every row of every table of every schema, as text: quicker than `pgDump`, for what is looked at often. */
export async function dumpDatabase(db: Pool): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await db.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
    parts.push(`COPY ${name}`, ...rows.map(({ line }) => decodeBytes(line)));
  }
  return parts.join('\n');
}

const PG_DUMP = join(import.meta.dirname, 'pg-dump.ts');

/** What pg_dump, that of PostgreSQL 18 itself, writes of a database: definitions and rows of all schemas, as INSERTs. */
export async function pgDump(url: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [PG_DUMP, url], { maxBuffer: 256 * 1024 * 1024 });
  if (!stdout.includes('-- PostgreSQL database dump complete')) throw new Error('The dump is not complete.');
  return decodeBytes(stdout);
}

/** A bytea is written in hexadecimal: what it says has to be found too. */
function decodeBytes(line: string): string {
  return line.replace(/\\{1,2}x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('utf8'));
}

/** The content of every file below a folder, with its path. */
export async function readFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => `${file}\n${await readFile(file, 'utf8')}`));
  return texts.join('\n');
}

/** The columns of every table of every schema that could hold what somebody wrote, and those that hold words like `pattern`. */
export async function findTextColumns(db: Pool, pattern: RegExp): Promise<{ all: string[]; holding: string[] }> {
  const { rows } = await db.query<{ place: string; name: string; column: string }>(
    `SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname) AS place, c.oid::regclass::text AS name,
       quote_ident(a.attname) AS column
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
       AND a.attnum > 0 AND NOT a.attisdropped
       AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype,
         'text[]'::regtype, 'tsvector'::regtype)
     ORDER BY 1`,
  );
  const holding: string[] = [];
  for (const { place, name, column } of rows) {
    const { rows: values } = await db.query<{ line: string }>(
      `SELECT ${column}::text AS line FROM ${name} WHERE ${column} IS NOT NULL`,
    );
    if (
      values.some(({ line }) =>
        pattern.test(line.replace(/\\x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('utf8'))),
      )
    )
      holding.push(place);
  }
  return { all: rows.map(({ place }) => place), holding };
}
