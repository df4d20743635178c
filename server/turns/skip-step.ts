import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';

/**
 * Asks for one step to be passed over: a running agent is broken off, one that waits never starts. Skipping what has ended
 * changes nothing. The turn must be the caller's: see `getOwnedTurn`.
 */
export async function skipStep(
  app: Pick<App, 'db'>,
  { turnId, stepId }: { turnId: string; stepId: string },
): Promise<void> {
  const { rows } = await app.db.query<{ id: string; status: string }>(
    `WITH skipped AS (
       UPDATE turn_steps SET skip_requested_at = now()
       WHERE id::text = $2 AND turn_id = $1 AND status IN ('pending', 'running') AND skip_requested_at IS NULL RETURNING id)
     SELECT s.id, s.status, pg_notify('turn_control', 'skip ' || s.turn_id)::text
     FROM turn_steps s WHERE s.id::text = $2 AND s.turn_id = $1`,
    [turnId, stepId],
  );
  if (rows.length === 0) throw notFound();
}
