import type { SubscriptionState } from '#server/adapters/payments/port.ts';
import type { App } from '#server/app.ts';
import { findPayer } from '#server/billing/find-payer.ts';
import { planGrants } from '#server/billing/plan-grants.ts';
import { transaction, type Tx } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';

type SyncApp = Pick<App, 'db' | 'payments' | 'log'>;

/**
 * Makes a subscription here what it is at the payment provider: its plan and state, and one lot of credits for each paid
 * period. Looks are numbered before they are taken, and an older look never overwrites a newer one; a lot exists once by
 * its key. So it may run any number of times, at once, and be killed between any two lines.
 */
export async function syncSubscription(app: SyncApp, subscriptionId: string): Promise<void> {
  const { rows } = await app.db.query<{ ticket: bigint }>(`SELECT nextval('stripe_sync_tickets') AS ticket`);
  const ticket = rows[0]?.ticket ?? 0n;
  const state = await app.payments.getSubscription(subscriptionId);
  if (!state) return;
  const userId = await findPayer(app, state);
  if (userId === null) {
    app.log.warn('a subscription belongs to nobody here', { stripeId: subscriptionId });
    return;
  }
  if (state.planId === null) {
    throw new Error(
      `The price of subscription ${subscriptionId} is no plan’s: set STRIPE_PRICE_<PLAN> or its metadata.`,
    );
  }
  await transaction(app.db, async (tx) => {
    await upsertSubscription(tx, { userId, ticket, state });
    await grantPeriods(tx, userId, state);
  });
}

async function upsertSubscription(
  tx: Tx,
  { userId, ticket, state }: { userId: string; ticket: bigint; state: SubscriptionState },
): Promise<void> {
  await tx.query(
    `INSERT INTO subscriptions (id, user_id, plan_id, stripe_subscription_id, stripe_customer_id, status,
       current_period_start, current_period_end, cancel_at, sync_ticket)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (stripe_subscription_id) DO UPDATE SET plan_id = excluded.plan_id, status = excluded.status,
       current_period_start = excluded.current_period_start, current_period_end = excluded.current_period_end,
       cancel_at = excluded.cancel_at, sync_ticket = excluded.sync_ticket, updated_at = now()
     WHERE subscriptions.sync_ticket < excluded.sync_ticket`,
    [
      newId(),
      userId,
      state.planId,
      state.id,
      state.customerId,
      state.status,
      state.periodStart,
      state.periodEnd,
      state.cancelAt,
      ticket.toString(),
    ],
  );
}

/** One lot per paid period (I6), and which payment bought it, so that a refund finds it. */
async function grantPeriods(tx: Tx, userId: string, state: SubscriptionState): Promise<void> {
  const plans = await tx.query<{ id: string; credits: bigint }>(
    'SELECT id, monthly_micro_credits AS credits FROM plans',
  );
  const credits = new Map(plans.rows.map((row) => [row.id, row.credits]));
  const grants = planGrants(state.id, state.invoices, (planId) => credits.get(planId) ?? 0n);
  for (const grant of grants) {
    await tx.query(`SELECT grant_credits($1, $2, 'plan', $3, $4, $5, $6)`, [
      newId(),
      userId,
      grant.sourceKey,
      grant.microCredits.toString(),
      grant.expiresAt,
      'Plan',
    ]);
    if (grant.paymentId === null) continue;
    await tx.query(
      `INSERT INTO stripe_payments (payment_intent_id, user_id, lot_source_key) VALUES ($1, $2, $3)
       ON CONFLICT (payment_intent_id) DO NOTHING`,
      [grant.paymentId, userId, grant.sourceKey],
    );
  }
}
