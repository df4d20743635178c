import type { Tx } from '#server/platform/db.ts';
import { notFound } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import type { Acceptance } from '#server/turns/read-acceptance.ts';

/** A room or a direct session: what has a mailbox of turns and a tree of messages. */
export type Conversation = { kind: 'room' | 'direct'; id: string };

export type Place = { branchId: string; parentTurnId: string | null; depth: number };

/**
 * Where a new turn goes in the conversation's tree: after the head of the active branch, or, when another parent is asked
 * for (null: the very beginning), on a new branch, which becomes the active one. Whoever inserts the turn makes it the
 * branch's head.
 */
export async function placeInBranch(
  tx: Tx,
  conversation: Conversation,
  given: Pick<Acceptance, 'branchId' | 'headTurnId' | 'headDepth'>,
  { parentTurnId, ownBranch }: { parentTurnId: string | null | undefined; ownBranch: boolean },
): Promise<Place> {
  const parent = parentTurnId === undefined ? given.headTurnId : parentTurnId;
  if (given.branchId !== null && parent === given.headTurnId && !ownBranch) {
    return { branchId: given.branchId, parentTurnId: parent, depth: (given.headDepth ?? -1) + 1 };
  }
  const depth = parent === null ? 0 : (await depthOf(tx, conversation, parent)) + 1;
  const branchId = newId();
  await tx.query('UPDATE room_sessions SET active = false WHERE conversation_id = $1 AND active', [conversation.id]);
  await tx.query(
    `INSERT INTO room_sessions (id, conversation_id, room_id, direct_session_id, active) VALUES ($1, $2, $3, $4, true)`,
    [
      branchId,
      conversation.id,
      conversation.kind === 'room' ? conversation.id : null,
      conversation.kind === 'direct' ? conversation.id : null,
    ],
  );
  return { branchId, parentTurnId: parent, depth };
}

/** A what-if's place: what its original follows, it follows. Its branch is no conversation's, so nothing leads to it or goes on from it. */
export function placeBeside({ parent_turn_id, depth }: { parent_turn_id: string | null; depth: number }): Place {
  return { branchId: newId(), parentTurnId: parent_turn_id, depth };
}

async function depthOf(tx: Tx, { id }: Conversation, turnId: string): Promise<number> {
  const { rows } = await tx.query<{ depth: number }>(
    'SELECT depth FROM turns WHERE id = $1 AND conversation_id = $2 AND what_if_of IS NULL',
    [turnId, id],
  );
  if (!rows[0]) throw notFound();
  return rows[0].depth;
}
