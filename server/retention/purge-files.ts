import type { App } from '#server/app.ts';
import { transaction } from '#server/platform/db.ts';
import { eraseFromTurn, forgetJournal } from '#server/retention/erase.ts';
import { addCounts, type Counts, type PurgeOptions } from '#server/retention/purge-app.ts';
import { bury } from '#server/retention/tombstones.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

type FileRow = { id: string; name: string; size: number; storage_key: string; home: string };

/**
 * Purges files: their bytes, their pages, what is known of their reading, and what agents' tools brought up of them in
 * turns that stay. What an agent wrote itself is part of the conversation and stays with it.
 */
export async function purgeFiles(
  app: Pick<App, 'env' | 'db' | 'storage'>,
  fileIds: string[],
  { asked }: PurgeOptions,
): Promise<Counts> {
  const files = await transaction(app.db, async (tx) => {
    const { rows } = await tx.query<FileRow>(
      `SELECT id, name, size, storage_key, coalesce(room_id, direct_session_id) AS home FROM files
       WHERE id = ANY($1::uuid[]) AND (NOT $2 OR deleted_at <= now() - make_interval(days => $3)) FOR UPDATE`,
      [fileIds, asked, RESTORE_DAYS],
    );
    await bury(
      app,
      tx,
      rows.map(({ id, storage_key }) => ({ id, kind: 'file', storageKey: storage_key })),
    );
    return rows;
  });
  if (files.length === 0) return {};
  await app.storage.delete(files.map(({ storage_key }) => storage_key));
  for (const file of files) await eraseFromTurns(app, file);
  const ids = files.map(({ id }) => id);
  await app.db.query('DELETE FROM file_parsing_jobs WHERE file_id = ANY($1::uuid[])', [ids]);
  await app.db.query('DELETE FROM files WHERE id = ANY($1::uuid[])', [ids]);
  return files.reduce<Counts>((sum, { size }) => addCounts(sum, { files: 1, bytes: size }), {});
}

/** Turns that knew the file, which is what their snapshot says. */
async function eraseFromTurns({ db }: Pick<App, 'db'>, file: FileRow): Promise<void> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM turns WHERE conversation_id = $1 AND finished_at IS NOT NULL AND snapshot->'files' @> $2::jsonb`,
    [file.home, JSON.stringify([{ id: file.id }])],
  );
  if (rows.length === 0) return;
  await forgetJournal(db, file.home);
  for (const turn of rows) {
    await transaction(db, (tx) => eraseFromTurn(tx, turn.id, { fileId: file.id, fileName: file.name }));
  }
}
