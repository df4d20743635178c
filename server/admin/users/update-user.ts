import type { App } from '#server/app.ts';
import { recordAudit, type AuditEntry, type By } from '#server/admin/audit/record-audit.ts';
import type { AdminUser, UpdateUser } from '#server/admin/contract.ts';
import { getUser } from '#server/admin/users/find-users.ts';
import { grantPlan } from '#server/admin/users/grant-plan.ts';
import type { Role } from '#server/auth/contract.ts';
import { transaction, type Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { cancelQueuedTurn } from '#server/turns/cancel-queued-turn.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

type UpdateApp = Parameters<typeof stopTurn>[0];
type Change = Pick<AuditEntry, 'action' | 'before' | 'after'>;

/**
 * Changes an account, all of it or nothing, with a row in the audit log for each thing that changes. Suspending acts at
 * once: what waits is cancelled here, what runs is stopped right after, and streams look every few seconds whether they
 * may go on. Throws not_found, `conflict` where it would leave nobody to own the place, invalid_input for an unknown plan.
 */
export async function updateUser(
  app: UpdateApp & Pick<App, 'db'>,
  { userId, change, by }: { userId: string; change: UpdateUser; by: By },
): Promise<AdminUser> {
  const { user, running } = await transaction(app.db, async (tx) => {
    await getUser({ db: tx }, userId);
    // One at a time: two owners who demote each other would leave none.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('pantheon: owners'))`);
    await tx.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
    const before = await getUser({ db: tx }, userId);
    const changes: Change[] = [];
    let running: string[] = [];
    if (change.suspended !== undefined && change.suspended !== before.suspended) {
      running = await setSuspended(tx, userId, change.suspended);
      changes.push({ action: change.suspended ? 'user.suspend' : 'user.reactivate' });
    }
    if (change.role !== undefined && change.role !== before.role) {
      await setRole(tx, userId, change.role);
      changes.push({ action: 'user.role', before: { role: before.role }, after: { role: change.role } });
    }
    const cap = change.monthlyCapMicroCredits;
    if (cap !== undefined && (cap?.toString() ?? null) !== before.monthlyCapMicroCredits) {
      await tx.query('UPDATE users SET monthly_cap_micro_credits = $2 WHERE id = $1', [
        userId,
        cap?.toString() ?? null,
      ]);
      const { monthlyCapMicroCredits } = before;
      changes.push({ action: 'user.cap', before: { monthlyCapMicroCredits }, after: { monthlyCapMicroCredits: cap } });
    }
    if (change.plan !== undefined && change.plan !== before.plan) {
      await grantPlan(tx, { userId, plan: change.plan });
      changes.push({ action: 'user.plan', before: { plan: before.plan }, after: { plan: change.plan } });
    }
    if (before.role === 'owner') await assertAnOwnerIsLeft(tx);
    const reason = change.reason ? { reason: change.reason } : {};
    for (const each of changes) {
      await recordAudit(tx, {
        ...by,
        ...each,
        target: { type: 'user', id: userId },
        after: { ...each.after, ...reason },
      });
    }
    return { user: await getUser({ db: tx }, userId), running };
  });
  for (const turnId of running) await stopTurn(app, { turnId });
  return user;
}

/** Returns the turns that run and are to be stopped. Accepting a message locks the user's row as well, so none slips in. */
async function setSuspended(tx: Tx, userId: string, suspended: boolean): Promise<string[]> {
  await tx.query('UPDATE users SET suspended_at = CASE WHEN $2 THEN now() END WHERE id = $1', [userId, suspended]);
  if (!suspended) return [];
  const { rows } = await tx.query<{ id: string; status: string }>(
    `SELECT id, status FROM turns WHERE user_id = $1 AND status IN ('queued', 'running') ORDER BY id FOR UPDATE`,
    [userId],
  );
  for (const { id, status } of rows) if (status === 'queued') await cancelQueuedTurn(tx, id);
  return rows.filter(({ status }) => status === 'running').map(({ id }) => id);
}

async function setRole(tx: Tx, userId: string, role: Role): Promise<void> {
  if (role === 'user') await tx.query('DELETE FROM admin_users WHERE user_id = $1', [userId]);
  else {
    await tx.query(
      `INSERT INTO admin_users (user_id, role_id) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET role_id = excluded.role_id`,
      [userId, role],
    );
  }
}

async function assertAnOwnerIsLeft(tx: Tx): Promise<void> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM admin_users a JOIN users u ON u.id = a.user_id
     WHERE a.role_id = 'owner' AND u.suspended_at IS NULL AND u.deleted_at IS NULL LIMIT 1`,
  );
  if (rowCount === 0) {
    throw new AppError('conflict', 'This is the last active owner. Make somebody else an owner first.');
  }
}
