import type { Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';

/**
 * Gives access to a plan's models without a payment, until it is taken back; its credits are given by adjustments. What is
 * paid for through Stripe is changed there: `conflict`.
 */
export async function grantPlan(tx: Tx, { userId, plan }: { userId: string; plan: string | null }): Promise<void> {
  const paid = await tx.query(
    `SELECT 1 FROM subscriptions WHERE user_id = $1 AND stripe_subscription_id IS NOT NULL
       AND status IN ('active', 'trialing') AND (current_period_end IS NULL OR current_period_end > now())`,
    [userId],
  );
  if (paid.rowCount !== 0) {
    throw new AppError('conflict', 'This plan is paid for through Stripe. Change or cancel the subscription there.');
  }
  await tx.query(
    `UPDATE subscriptions SET status = 'canceled', current_period_end = now(), updated_at = now()
     WHERE user_id = $1 AND stripe_subscription_id IS NULL AND status IN ('active', 'trialing')`,
    [userId],
  );
  if (plan === null) return;
  const { rowCount } = await tx.query(
    `INSERT INTO subscriptions (id, user_id, plan_id, status, current_period_start)
     SELECT $1, $2, id, 'active', now() FROM plans WHERE id = $3`,
    [newId(), userId, plan],
  );
  if (rowCount === 0) {
    const message = 'There is no such plan.';
    throw new AppError('invalid_input', message, { errors: [{ path: 'plan', message }] });
  }
}
