import type { App } from '#server/app.ts';
import type { Summary } from '#server/context/contract.ts';

/** The newest summary on a conversation's active branch, or null: short conversations have none. It must be the caller's. */
export async function findSummary(app: Pick<App, 'db'>, conversationId: string): Promise<Summary | null> {
  const { rows } = await app.db.query<{ content: string; through_turn_id: string; created_at: Date }>(NEWEST, [
    conversationId,
  ]);
  const row = rows[0];
  if (!row) return null;
  return { content: row.content, throughTurnId: row.through_turn_id, createdAt: row.created_at.toISOString() };
}

/** Up the branch from its head, as far as the first turn that a summary reaches up to. */
const NEWEST = `
WITH RECURSIVE past AS (
  SELECT t.id, t.parent_turn_id, s.id AS summary_id
  FROM room_sessions b JOIN turns t ON t.id = b.head_turn_id LEFT JOIN context_summaries s ON s.through_turn_id = t.id
  WHERE b.conversation_id = $1 AND b.active
  UNION ALL
  SELECT t.id, t.parent_turn_id, s.id
  FROM past p JOIN turns t ON t.id = p.parent_turn_id LEFT JOIN context_summaries s ON s.through_turn_id = t.id
  WHERE p.summary_id IS NULL
)
SELECT s.content, s.through_turn_id, s.created_at FROM past p JOIN context_summaries s ON s.id = p.summary_id`;
