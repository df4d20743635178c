import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The secret of this data directory, made once; for development, where none is configured. Safe when several start at once. */
export async function readOrMakeSessionSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'session-secret');
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known.trim() !== '') return known.trim();
  await mkdir(dataDir, { recursive: true });
  const own = `${path}.${process.pid}`;
  await writeFile(own, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  // A link to an existing name fails: the first one to come wins, and everybody reads that one.
  await link(own, path).catch(() => undefined);
  await rm(own, { force: true });
  return (await readFile(path, 'utf8')).trim();
}
