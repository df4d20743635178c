import type { Pool } from 'pg';
import type { Tx } from '#server/platform/db.ts';
import type { StepRow, TurnRow } from '#server/turns/rows.ts';

export type TurnParts = { row: TurnRow; message: string; steps: StepRow[] };

/** Turns with their messages and steps, in the order of `turnIds`; two statements however many there are. */
export async function readTurns(db: Pool | Tx, turnIds: string[]): Promise<TurnParts[]> {
  if (turnIds.length === 0) return [];
  const { rows } = await db.query<TurnRow & { message: string | null }>(
    `SELECT t.*, m.content AS message FROM turns t
     LEFT JOIN messages m ON m.turn_id = t.id AND m.index = -1 AND (m.deleted_at IS NULL OR t.started_at IS NULL)
     WHERE t.id = ANY($1::uuid[])`,
    [turnIds],
  );
  const steps = await db.query<StepRow>(
    `SELECT s.id, s.turn_id, s.key, s.index, s.kind, s.agent_id, s.agent_name, s.model_alias, s.requested_model,
       s.served_model, s.status, s.instruction, CASE WHEN m.deleted_at IS NULL THEN s.content ELSE '' END AS content,
       s.data, s.error, s.tool_calls, CASE WHEN m.deleted_at IS NULL THEN s.citations ELSE '[]' END AS citations, s.prompt_tokens, s.completion_tokens, s.cached_tokens, s.total_tokens,
       s.charged_micro_credits, s.latency_ms, s.skip_requested_at, s.reused_from_step_id, s.prompt_version, s.started_at, s.finished_at
     FROM turn_steps s LEFT JOIN messages m ON m.turn_id = s.turn_id AND m.index = s.index
     WHERE s.turn_id = ANY($1::uuid[]) ORDER BY s.index`,
    [turnIds],
  );
  const byTurn = Map.groupBy(steps.rows, (step) => step.turn_id);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return turnIds.flatMap((turnId) => {
    const found = byId.get(turnId);
    if (!found) return [];
    const { message, ...row } = found;
    return [{ row, message: message ?? '', steps: byTurn.get(turnId) ?? [] }];
  });
}

export async function readTurn(db: Pool | Tx, turnId: string): Promise<TurnParts | null> {
  const [found] = await readTurns(db, [turnId]);
  return found ?? null;
}
