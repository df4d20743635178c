import type { App } from '#server/app.ts';
import { record } from '#server/turns/record.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { Run } from '#server/turns/run.ts';

/**
 * What readers have of steps that were broken off with nobody left to say what they had said (their process died, or was
 * taken the turn from): the deltas since each last began, by the step's id.
 */
export async function readSpokenText(
  app: Pick<App, 'db' | 'hub' | 'writer' | 'log'>,
  run: Run,
  steps: StepRow[],
): Promise<Map<string, string>> {
  if (steps.length === 0) return new Map();
  // What this process itself still has to write of them comes first.
  await record(app, run, []);
  const { rows } = await app.db.query<{ step_id: string; text: string }>(SPOKEN, [
    run.turn.id,
    steps.map((step) => step.id),
  ]);
  return new Map(rows.map((row) => [row.step_id, row.text]));
}

const SPOKEN = `
SELECT e.step_id, string_agg(e.data->>'text', '' ORDER BY e.seq) AS text FROM turn_events e
WHERE e.turn_id = $1 AND e.type = 'step_delta' AND e.step_id = ANY($2::uuid[]) AND e.seq > (
  SELECT max(b.seq) FROM turn_events b WHERE b.turn_id = $1 AND b.step_id = e.step_id AND b.type = 'step_started')
GROUP BY e.step_id`;
