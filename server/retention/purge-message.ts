import { transaction } from '#server/platform/db.ts';
import { eraseFromTurn, forgetJournal } from '#server/retention/erase.ts';
import type { Counts, PurgeApp, PurgeOptions } from '#server/retention/purge-app.ts';
import { bury } from '#server/retention/tombstones.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

type MessageRow = { turn_id: string; step_id: string | null; conversation_id: string };

/** Empties a message of a conversation that stays: its place in the tree is kept, its text is nowhere any more. */
export async function purgeMessage(
  app: Pick<PurgeApp, 'env' | 'db'>,
  messageId: string,
  { asked }: PurgeOptions,
): Promise<Counts> {
  return transaction(app.db, async (tx) => {
    const { rows } = await tx.query<MessageRow>(
      `SELECT m.turn_id, m.step_id, t.conversation_id FROM messages m JOIN turns t ON t.id = m.turn_id
       WHERE m.id = $1 AND (NOT $2 OR m.deleted_at <= now() - make_interval(days => $3)) FOR UPDATE OF m`,
      [messageId, asked, RESTORE_DAYS],
    );
    const [message] = rows;
    if (!message) return {};
    await bury(app, tx, [{ id: messageId, kind: 'message' }]);
    const { turn_id, step_id, conversation_id } = message;
    await eraseFromTurn(tx, turn_id, step_id === null ? { message: true } : { stepId: step_id });
    await forgetJournal(tx, conversation_id);
    await tx.query('DELETE FROM context_summaries WHERE conversation_id = $1', [conversation_id]);
    for (const table of ['checkpoint_writes', 'checkpoint_blobs', 'checkpoints']) {
      await tx.query(
        `DELETE FROM langgraph.${table} WHERE thread_id IN
           (SELECT id::text FROM turns WHERE conversation_id = $1 AND finished_at IS NOT NULL)`,
        [conversation_id],
      );
    }
    await tx.query(
      `UPDATE messages SET content = '', deleted_at = coalesce(deleted_at, now() - make_interval(days => $2)) WHERE id = $1`,
      [messageId, RESTORE_DAYS],
    );
    return { messages: 1 };
  });
}
