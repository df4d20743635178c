import type { App } from '#server/app.ts';
import { recordAudit } from '#server/admin/audit/record-audit.ts';
import { transaction } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

/**
 * Deletes a person's account: signed out everywhere and stopped at once, restored by signing in within 7 days, purged after
 * them. Throws conflict while a plan goes on being paid for, and for the last owner.
 */
export async function deleteAccount(
  app: App,
  { userId, requestId }: { userId: string; requestId: string },
): Promise<void> {
  const open = await transaction(app.db, async (tx) => {
    await tx.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [userId]);
    const { rows } = await tx.query<{ pays: boolean; last_owner: boolean }>(
      `SELECT
         EXISTS (SELECT 1 FROM subscriptions WHERE user_id = $1 AND stripe_subscription_id IS NOT NULL
                   AND status IN ('active', 'trialing', 'past_due', 'unpaid', 'paused') AND cancel_at IS NULL) AS pays,
         EXISTS (SELECT 1 FROM admin_users WHERE user_id = $1 AND role_id = 'owner') AND NOT EXISTS (
           SELECT 1 FROM admin_users a JOIN users u ON u.id = a.user_id AND u.deleted_at IS NULL
           WHERE a.role_id = 'owner' AND a.user_id <> $1) AS last_owner`,
      [userId],
    );
    if (rows[0]?.pays) {
      throw new AppError(
        'conflict',
        'Your plan renews. Cancel it on the billing page first; then delete your account.',
      );
    }
    if (rows[0]?.last_owner) {
      throw new AppError('conflict', 'You are the only owner. Make somebody else an owner first.');
    }
    await tx.query('UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL', [userId]);
    await tx.query('DELETE FROM sessions WHERE user_id = $1', [userId]);
    // What lets us into other people's servers goes at once; whoever comes back enters it again.
    await tx.query('UPDATE tool_servers SET secret = NULL WHERE user_id = $1', [userId]);
    const turns = await tx.query<{ id: string }>(
      `SELECT id FROM turns WHERE user_id = $1 AND status IN ('queued', 'running') ORDER BY queue_position DESC`,
      [userId],
    );
    const target = { type: 'user', id: userId };
    await recordAudit(tx, { actorId: userId, requestId, action: 'user.delete', target });
    return turns.rows;
  });
  for (const { id } of open) await stopTurn(app, { turnId: id });
}
