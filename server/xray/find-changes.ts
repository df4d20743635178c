import type { Pool } from 'pg';
import { MAX_TURNS } from '#server/context/read-history.ts';
import type { TurnRow } from '#server/turns/rows.ts';

/** What a turn's agents may have read and can't be read any more. */
export type ChangedSince = {
  /** Messages that were deleted before it ran, and since then. */
  deletedBefore: number;
  deleted: number;
  /** Steps of this turn whose message was deleted. */
  deletedSteps: Set<string>;
  /** The turn had a summary made, and it is not there any more. */
  summaryGone: boolean;
};

/** Looks at the turn and at what was said before it, as far back as any memory reaches. */
export async function findChanges(
  db: Pool,
  turn: Pick<TurnRow, 'id' | 'parent_turn_id' | 'started_at' | 'created_at'>,
): Promise<ChangedSince> {
  const { rows } = await db.query<{ before: number; since: number; steps: string[]; summary_gone: boolean }>(CHANGES, [
    turn.id,
    turn.parent_turn_id,
    turn.started_at ?? turn.created_at,
    MAX_TURNS,
  ]);
  const [found] = rows;
  return {
    deletedBefore: found?.before ?? 0,
    deleted: found?.since ?? 0,
    deletedSteps: new Set(found?.steps),
    summaryGone: found?.summary_gone ?? false,
  };
}

const CHANGES = `
WITH RECURSIVE past AS (
  SELECT id, parent_turn_id, 1 AS place FROM turns WHERE id = $2
  UNION ALL
  SELECT t.id, t.parent_turn_id, p.place + 1 FROM past p JOIN turns t ON t.id = p.parent_turn_id WHERE p.place < $4
), gone AS (
  SELECT m.turn_id, m.step_id, m.deleted_at FROM messages m
  WHERE m.turn_id IN (SELECT id FROM past UNION ALL SELECT $1::uuid) AND m.deleted_at IS NOT NULL
)
SELECT (SELECT count(*)::int FROM gone WHERE deleted_at <= $3) AS before,
  (SELECT count(*)::int FROM gone WHERE deleted_at > $3) AS since,
  (SELECT coalesce(array_agg(step_id), '{}') FROM gone WHERE turn_id = $1 AND step_id IS NOT NULL) AS steps,
  EXISTS (SELECT 1 FROM call_journal j WHERE j.turn_id = $1 AND j.step_key LIKE 'summary:%' AND j.status = 'ok'
    AND NOT EXISTS (SELECT 1 FROM context_summaries s WHERE 'summary:' || s.through_turn_id = j.step_key)) AS summary_gone`;
