import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { Tx } from '#server/platform/db.ts';

export const ZTombstone = z.object({
  id: z.guid(),
  kind: z.enum(['account', 'room', 'direct_session', 'file', 'message', 'agent', 'turn']),
  /** Of files: where their bytes were. */
  storageKey: z.string().optional(),
});
export type Tombstone = z.infer<typeof ZTombstone>;

/**
 * Notes that these are purged, before anything of them goes: late writes are refused from the commit on. They are noted
 * in a file as well, because a backup of the database that is restored later knows nothing of them: see
 * `replayTombstones`.
 */
export async function bury(app: Pick<App, 'env'>, tx: Tx, tombstones: Tombstone[]): Promise<void> {
  if (tombstones.length === 0) return;
  await append(app, tombstones);
  await insertTombstones(tx, tombstones);
}

export async function insertTombstones(tx: Tx, tombstones: Tombstone[]): Promise<void> {
  await tx.query(
    `INSERT INTO tombstones (id, kind, storage_key)
     SELECT t.id, t.kind, t."storageKey" FROM json_to_recordset($1::json) AS t(id uuid, kind text, "storageKey" text)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(tombstones)],
  );
}

async function append({ env }: Pick<App, 'env'>, tombstones: Tombstone[]): Promise<void> {
  await mkdir(env.dataDir, { recursive: true });
  const file = await open(tombstoneFile(env), 'a', 0o600);
  try {
    await file.write(tombstones.map((tombstone) => `${JSON.stringify(tombstone)}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

export function tombstoneFile({ dataDir }: Pick<App['env'], 'dataDir'>): string {
  return join(dataDir, 'tombstones.ndjson');
}

/** What a file of tombstones holds; nothing when there is none. A line that was cut off by a crash is left out. */
export async function readTombstones(path: string): Promise<Tombstone[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => {
    try {
      return [ZTombstone.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
