import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';

/**
 * Every row of every table of every schema, as text: what `pg_dump --data-only` writes, without its binary, whose version
 * would have to be the server's. Generated columns are left out there as well; they are made of others.
 */
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

/** A bytea is written in hexadecimal: what it says has to be found too. */
function decodeBytes(line: string): string {
  return line.replace(/\\\\x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('utf8'));
}

/** The content of every file below a folder, with its path. */
export async function readFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => `${file}\n${await readFile(file, 'utf8')}`));
  return texts.join('\n');
}
