import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';

/** The person's word on a call that waits; the first one counts. Throws `conflict` when there is nothing to decide any more. */
export async function decideToolApproval(
  { db }: Pick<App, 'db'>,
  { toolApprovalId, decision }: { toolApprovalId: string; decision: 'approve' | 'deny' },
): Promise<void> {
  const status = decision === 'approve' ? 'approved' : 'denied';
  const { rows } = await db.query<{ status: string }>(
    `UPDATE tool_approvals a SET status = $2, decided_at = now() FROM turns t
     WHERE a.id = $1 AND t.id = a.turn_id AND t.status = 'running' AND t.stop_requested_at IS NULL
       AND (a.status = $2 OR (a.status = 'waiting' AND a.expires_at > now()))
     RETURNING a.status`,
    [toolApprovalId, status],
  );
  if (rows.length === 0) {
    throw new AppError('conflict', 'This has been decided already, or the turn no longer waits for it.');
  }
}
