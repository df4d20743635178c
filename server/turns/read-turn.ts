import type { Pool } from 'pg';
import type { Tx } from '#server/platform/db.ts';
import type { StepRow, TurnRow } from '#server/turns/rows.ts';

export type TurnParts = { row: TurnRow; message: string; steps: StepRow[] };

/** Turns with their messages and steps, in the order of `turnIds`; two statements however many there are,
 * three when one of them runs. */
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
  await fillRunning(db, rows, steps.rows);
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

/** What running steps have said up to their turn's last event, as that was read: a reader goes on from there. */
async function fillRunning(
  db: Pool | Tx,
  turns: readonly Pick<TurnRow, 'id' | 'last_seq'>[],
  steps: StepRow[],
): Promise<void> {
  const running = steps.filter((step) => step.status === 'running');
  if (running.length === 0) return;
  const lastSeq = new Map(turns.map((turn) => [turn.id, turn.last_seq]));
  const { rows } = await db.query<{ step_id: string; text: string }>(SAID_SO_FAR, [
    running.map((step) => step.id),
    running.map((step) => step.turn_id),
    running.map((step) => lastSeq.get(step.turn_id) ?? 0),
  ]);
  const said = new Map(rows.map((row) => [row.step_id, row.text]));
  for (const step of running) step.content = said.get(step.id) ?? '';
}

const SAID_SO_FAR = `
SELECT s.step_id, string_agg(e.data->>'text', '' ORDER BY e.seq) AS text
FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS s(step_id, turn_id, last_seq)
JOIN turn_events e ON e.turn_id = s.turn_id AND e.step_id = s.step_id AND e.type = 'step_delta' AND e.seq <= s.last_seq
  AND e.seq > (SELECT max(b.seq) FROM turn_events b
    WHERE b.turn_id = s.turn_id AND b.step_id = s.step_id AND b.type = 'step_started' AND b.seq <= s.last_seq)
GROUP BY s.step_id`;
