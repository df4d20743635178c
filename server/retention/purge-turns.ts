import type { App } from '#server/app.ts';
import { transaction } from '#server/platform/db.ts';
import type { Counts } from '#server/retention/purge-app.ts';
import { bury } from '#server/retention/tombstones.ts';

/**
 * Purges turns that have ended, and with them what tried them differently, with everything that was written for them: steps, messages, events and journal go with the
 * turn's row; summaries of the conversation and checkpoints by name. Usage, tool calls and the ledger stay: they hold no content.
 * Summaries may be kept where none can hold anything of the turns: of what-ifs.
 * The turn's row goes first: whoever writes a checkpoint for it holds that row, so nothing slips in between.
 */
export async function purgeTurns(
  app: Pick<App, 'env' | 'db'>,
  conversationId: string,
  given: string[],
  { summaries }: { summaries: 'forget' | 'keep' } = { summaries: 'forget' },
): Promise<Counts> {
  return transaction(app.db, async (tx) => {
    const { rows: all } = await tx.query<{ id: string }>(
      'SELECT id FROM turns WHERE id = ANY($1::uuid[]) OR (what_if_of = ANY($1::uuid[]) AND finished_at IS NOT NULL)',
      [given],
    );
    const turnIds = [...new Set([...given, ...all.map(({ id }) => id)])];
    await bury(
      app,
      tx,
      turnIds.map((id) => ({ id, kind: 'turn' })),
    );
    const { rowCount } = await tx.query('DELETE FROM turns WHERE id = ANY($1::uuid[])', [turnIds]);
    if (summaries === 'forget') {
      await tx.query('DELETE FROM context_summaries WHERE conversation_id = $1', [conversationId]);
    }
    for (const table of ['checkpoint_writes', 'checkpoint_blobs', 'checkpoints']) {
      await tx.query(`DELETE FROM langgraph.${table} WHERE thread_id = ANY($1::text[])`, [turnIds]);
    }
    await tx.query('UPDATE turns SET parent_turn_id = NULL WHERE parent_turn_id = ANY($1::uuid[])', [turnIds]);
    await tx.query('UPDATE room_sessions SET head_turn_id = NULL WHERE head_turn_id = ANY($1::uuid[])', [turnIds]);
    await tx.query('DELETE FROM room_sessions WHERE conversation_id = $1 AND head_turn_id IS NULL AND NOT active', [
      conversationId,
    ]);
    return { turns: rowCount ?? 0 };
  });
}
