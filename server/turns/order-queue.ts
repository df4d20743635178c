import type { Tx } from '#server/platform/db.ts';
import type { App } from '#server/app.ts';
import { transaction } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import type { TurnRow } from '#server/turns/rows.ts';

type Queued = { id: string; branch_id: string; parent_turn_id: string | null; depth: number; queue_position: bigint };

/**
 * Puts a conversation's waiting turns into another order. `turnIds` must be exactly those that wait; one that has started
 * in the meantime is a conflict, and nothing changes. The conversation must be the caller's.
 *
 * The tree follows: on each branch the waiting turns are chained anew after the turn that came before them.
 */
export async function orderQueue(
  app: Pick<App, 'db'>,
  { conversationId, turnIds }: { conversationId: string; turnIds: string[] },
): Promise<void> {
  await transaction(app.db, async (tx) => {
    const { rows: queued } = await tx.query<Queued>(
      `SELECT id, branch_id, parent_turn_id, depth, queue_position FROM turns
       WHERE conversation_id = $1 AND status = 'queued' AND what_if_of IS NULL ORDER BY queue_position FOR UPDATE`,
      [conversationId],
    );
    const byId = new Map(queued.map((turn) => [turn.id, turn]));
    const ordered = [...new Set(turnIds)].flatMap((id) => byId.get(id) ?? []);
    if (ordered.length !== queued.length || turnIds.length !== queued.length) {
      throw new AppError('conflict', 'The queue has changed in the meantime. Load it again and reorder.');
    }
    const positions = queued.map((turn) => turn.queue_position);
    for (const [place, turn] of ordered.entries()) {
      await tx.query('UPDATE turns SET queue_position = $2 WHERE id = $1', [turn.id, positions[place]]);
    }
    for (const [branchId, old] of Map.groupBy(queued, (turn) => turn.branch_id)) {
      const chain = ordered.filter((turn) => turn.branch_id === branchId);
      await chainAnew(tx, branchId, chain, old);
    }
  });
}

/** Puts a waiting turn before all that wait in its conversation, and says where in the tree it is then. */
export async function putFirst(
  tx: Tx,
  conversationId: string,
  turnId: string,
): Promise<Pick<TurnRow, 'parent_turn_id' | 'depth' | 'queue_position'>> {
  const { rows: queued } = await tx.query<Queued>(
    `UPDATE turns SET queue_position = (
       SELECT min(queue_position) - 1 FROM turns WHERE conversation_id = $1 AND status = 'queued')
     WHERE id = $2 RETURNING id, branch_id, parent_turn_id, depth, queue_position`,
    [conversationId, turnId],
  );
  const [first] = queued;
  if (!first) throw new Error('There is no such turn.');
  const { rows: others } = await tx.query<Queued>(
    `SELECT id, branch_id, parent_turn_id, depth, queue_position FROM turns
     WHERE conversation_id = $1 AND status = 'queued' AND branch_id = $2 AND id <> $3 ORDER BY queue_position FOR UPDATE`,
    [conversationId, first.branch_id, turnId],
  );
  const was = others[0] ?? first;
  await chainAnew(tx, first.branch_id, [first, ...others], [...others, first]);
  return { parent_turn_id: was.parent_turn_id, depth: was.depth, queue_position: first.queue_position };
}

async function chainAnew(tx: Tx, branchId: string, chain: Queued[], old: Queued[]): Promise<void> {
  const first = old[0];
  const head = chain.at(-1);
  if (!first || !head) return;
  let parent = first.parent_turn_id;
  for (const [place, turn] of chain.entries()) {
    await tx.query('UPDATE turns SET parent_turn_id = $2, depth = $3 WHERE id = $1', [
      turn.id,
      parent,
      first.depth + place,
    ]);
    parent = turn.id;
  }
  const formerHead = old.at(-1);
  await tx.query('UPDATE room_sessions SET head_turn_id = $2 WHERE id = $1 AND head_turn_id = $3', [
    branchId,
    head.id,
    formerHead?.id,
  ]);
}
