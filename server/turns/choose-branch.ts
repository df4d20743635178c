import type { App } from '#server/app.ts';
import { transaction } from '#server/platform/db.ts';
import { notFound } from '#server/platform/errors.ts';
import { lockConversation } from '#server/turns/insert-turn.ts';
import type { Conversation } from '#server/turns/place-in-branch.ts';

/**
 * Makes the branch that goes through a turn the active one: of several, the one that went on last. What runs or waits on
 * another branch goes on there. Throws not_found when the turn is not one of the conversation's.
 */
export async function chooseBranch(
  app: Pick<App, 'db'>,
  { userId, conversation, turnId }: { userId: string; conversation: Conversation; turnId: string },
): Promise<void> {
  await transaction(app.db, async (tx) => {
    await lockConversation(tx, userId, conversation);
    const { rows } = await tx.query<{ id: string }>(LAST_BRANCH_THROUGH, [conversation.id, turnId]);
    const branchId = rows[0]?.id;
    if (branchId === undefined) throw notFound();
    // One statement would meet the rule of one active branch in between.
    await tx.query('UPDATE room_sessions SET active = false WHERE conversation_id = $1 AND active AND id <> $2', [
      conversation.id,
      branchId,
    ]);
    await tx.query('UPDATE room_sessions SET active = true WHERE id = $1', [branchId]);
  });
}

/** Down from the turn to everything that followed it; ids ascend with time. */
const LAST_BRANCH_THROUGH = `
WITH RECURSIVE below AS (
  SELECT id FROM turns WHERE id = $2 AND conversation_id = $1
  UNION ALL
  SELECT t.id FROM below b JOIN turns t ON t.parent_turn_id = b.id
)
SELECT s.id FROM below b JOIN room_sessions s ON s.head_turn_id = b.id AND s.conversation_id = $1
ORDER BY b.id DESC LIMIT 1`;
