import { setTimeout as sleep } from 'node:timers/promises';
import { transaction } from '#server/platform/db.ts';
import { addCounts, type Counts, type PurgeApp, type PurgeOptions } from '#server/retention/purge-app.ts';
import { purgeFiles } from '#server/retention/purge-files.ts';
import { purgeTurns } from '#server/retention/purge-turns.ts';
import { bury } from '#server/retention/tombstones.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';
import { stopOpenTurns } from '#server/rooms/stop-open-turns.ts';

export type PurgedConversation = { kind: 'room' | 'direct_session'; id: string };

const BATCH = 100;
const SETTLE_MS = 20_000;

/** Purges a room or a direct chat: its turns, files and agents, and at last its row. In batches, each harmless twice. */
export async function purgeConversation(
  app: PurgeApp,
  { kind, id }: PurgedConversation,
  { asked }: PurgeOptions,
): Promise<Counts> {
  const table = kind === 'room' ? 'rooms' : 'direct_sessions';
  const goes = await transaction(app.db, async (tx) => {
    const { rowCount } = await tx.query(
      `SELECT 1 FROM ${table} WHERE id = $1 AND (NOT $2 OR deleted_at <= now() - make_interval(days => $3)) FOR UPDATE`,
      [id, asked, RESTORE_DAYS],
    );
    if (rowCount === 0) return false;
    await bury(app, tx, [{ id, kind }]);
    await tx.query(`UPDATE ${table} SET deleted_at = coalesce(deleted_at, now()) WHERE id = $1`, [id]);
    return true;
  });
  if (!goes) return {};
  await settleAll(app, id);
  let counts: Counts = { [kind === 'room' ? 'rooms' : 'directSessions']: 1 };
  for (;;) {
    const { rows } = await app.db.query<{ id: string }>(
      `SELECT id FROM turns WHERE conversation_id = $1 ORDER BY depth DESC LIMIT ${BATCH}`,
      [id],
    );
    if (rows.length === 0) break;
    const turnIds = rows.map((row) => row.id);
    counts = addCounts(counts, await purgeTurns(app, id, turnIds));
  }
  for (;;) {
    const { rows } = await app.db.query<{ id: string }>(
      `SELECT id FROM files WHERE room_id = $1 OR direct_session_id = $1 LIMIT ${BATCH}`,
      [id],
    );
    if (rows.length === 0) break;
    const fileIds = rows.map((row) => row.id);
    counts = addCounts(counts, await purgeFiles(app, fileIds, { asked: false }));
  }
  await app.db.query('DELETE FROM context_summaries WHERE conversation_id = $1', [id]);
  await app.db.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
  return counts;
}

/** Turns that still wait or run are stopped first: what they have set aside goes back to the wallet. */
async function settleAll(app: PurgeApp, conversationId: string): Promise<void> {
  await stopOpenTurns(app, { conversationId });
  const giveUpAt = Date.now() + SETTLE_MS;
  for (;;) {
    const { rowCount } = await app.db.query(
      `SELECT 1 FROM turns WHERE conversation_id = $1 AND status IN ('queued', 'running') LIMIT 1`,
      [conversationId],
    );
    if (rowCount === 0) return;
    if (Date.now() > giveUpAt)
      throw new Error('A turn of the conversation doesn’t end; its purge is tried again later.');
    await sleep(200);
  }
}
