import type { Pool } from 'pg';
import type { Tx } from '#server/platform/db.ts';

/** A message of the conversation before the turn at hand. */
export type PastMessage = {
  role: 'user' | 'agent' | 'synthesis';
  agentId: string | null;
  agentName: string | null;
  content: string;
};

/** A turn of the past with its messages in order, oldest turn first in a history. */
export type PastTurn = { id: string; messages: PastMessage[] };

/** `readAt` is the database's time. */
export type History = { summary: string | null; turns: PastTurn[]; readAt: Date };

/** However cheap its turns, no history is walked further back than this. */
export const MAX_TURNS = 400;

/**
 * What was said on the branch up to `turnId`, back to the newest summary on it, or, with `pastSummaries`, further back.
 * With `before`, only summaries that were there then count. The newest `MAX_TURNS` turns at most, so that a turn in an old room reads no more than one in a young room.
 */
export async function readHistory(
  db: Pool | Tx,
  { turnId, pastSummaries, before = null }: { turnId: string | null; pastSummaries: boolean; before?: Date | null },
): Promise<History> {
  if (turnId === null) return { summary: null, turns: [], readAt: new Date(0) };
  const { rows } = await db.query<{
    id: string;
    summary: string | null;
    messages: PastMessage[] | null;
    read_at: Date;
  }>({
    name: `read-history${pastSummaries ? '-past-summaries' : ''}${before ? '-before' : ''}`,
    text: walk({ pastSummaries, before: before !== null }),
    values: before ? [turnId, MAX_TURNS, before] : [turnId, MAX_TURNS],
  });
  const summary = pastSummaries ? null : (rows.at(-1)?.summary ?? null);
  const after = summary === null ? rows : rows.slice(0, -1);
  return {
    summary,
    turns: after.map(({ id, messages }) => ({ id, messages: messages ?? [] })).reverse(),
    readAt: rows[0]?.read_at ?? new Date(0),
  };
}

/**
 * Newest first. The walk ends with the first turn that a summary reaches up to; that turn's messages are in the summary.
 * A statement for each way of walking: with the ways as parameters PostgreSQL plans it anew each time, which takes as long as
 * carrying it out.
 */
function walk({ pastSummaries, before }: { pastSummaries: boolean; before: boolean }): string {
  const summary = `context_summaries s ON s.through_turn_id = t.id${before ? ' AND s.created_at < $3' : ''}`;
  const unsummed = pastSummaries ? '' : 'AND p.summary IS NULL';
  return `
WITH RECURSIVE past AS (
  SELECT t.id, t.parent_turn_id, s.content AS summary, 1 AS place
  FROM turns t LEFT JOIN ${summary} WHERE t.id = $1
  UNION ALL
  SELECT t.id, t.parent_turn_id, s.content, p.place + 1
  FROM past p JOIN turns t ON t.id = p.parent_turn_id LEFT JOIN ${summary}
  WHERE p.place < $2 ${unsummed}
)
SELECT p.id, p.summary, now() AS read_at, (
  SELECT json_agg(json_build_object('role', m.role, 'agentId', m.agent_id, 'agentName', m.agent_name, 'content', m.content)
    ORDER BY m.index)
  FROM messages m WHERE m.turn_id = p.id AND m.deleted_at IS NULL ${unsummed}) AS messages
FROM past p ORDER BY p.place`;
}
