import type { PaymentState } from '#server/adapters/payments/port.ts';
import type { App } from '#server/app.ts';
import { findPayer } from '#server/billing/find-payer.ts';
import { syncSubscription } from '#server/billing/sync-subscription.ts';
import { takeBackPayment } from '#server/billing/take-back-payment.ts';
import { transaction } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';

const CREDIT = 1_000_000n;

/**
 * Makes a payment's credits here what they are at the payment provider: granted once it is paid (a Checkout that is
 * complete may still be unpaid), taken back as far as it was refunded or is disputed. Harmless twice and at once.
 */
export async function syncPayment(app: Pick<App, 'db' | 'payments' | 'log'>, paymentId: string): Promise<void> {
  const payment = await app.payments.getPayment(paymentId);
  if (!payment?.succeeded) return;
  if (payment.subscriptionId !== null) await syncSubscription(app, payment.subscriptionId);
  else if (payment.topUpCredits !== null) await grantTopUp(app, payment, payment.topUpCredits);
  await takeBackPayment(app, payment);
}

async function grantTopUp(app: Pick<App, 'db' | 'log'>, payment: PaymentState, credits: bigint): Promise<void> {
  const userId = await findPayer(app, payment);
  if (userId === null) {
    app.log.error('a top-up was paid by nobody here', { stripeId: payment.id });
    return;
  }
  const sourceKey = `pi:${payment.id}`;
  await transaction(app.db, async (tx) => {
    await tx.query(`SELECT grant_credits($1, $2, 'topup', $3, $4, NULL, $5)`, [
      newId(),
      userId,
      sourceKey,
      (credits * CREDIT).toString(),
      'Top-up',
    ]);
    await tx.query(
      `INSERT INTO stripe_payments (payment_intent_id, user_id, lot_source_key) VALUES ($1, $2, $3)
       ON CONFLICT (payment_intent_id) DO NOTHING`,
      [payment.id, userId, sourceKey],
    );
  });
}
