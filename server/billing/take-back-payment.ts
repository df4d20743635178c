import type { PaymentState } from '#server/adapters/payments/port.ts';
import type { App } from '#server/app.ts';
import { transaction, type Tx } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';

type Lot = { id: string; user_id: string; granted: bigint; expires_at: Date | null };

/**
 * Takes back what a payment bought, in proportion to what was refunded or is disputed; what is spent already is debt. A
 * dispute that is won and a refund that failed give it back. Each once, by its own key, however often this runs; giving
 * back always follows taking, so that an older look that comes late can't take a second time.
 */
export async function takeBackPayment({ db }: Pick<App, 'db'>, payment: PaymentState): Promise<void> {
  const taken = [
    ...payment.refunds
      .filter(({ state }) => state !== 'pending')
      .map(({ id, amount, state }) => ({ key: `re:${id}`, amount, returned: state === 'failed' })),
    ...payment.disputes
      .filter(({ state }) => state !== 'warning')
      .map(({ id, amount, state }) => ({ key: `dp:${id}`, amount, returned: state === 'won' })),
  ];
  if (taken.length === 0 || payment.amount <= 0) return;
  await transaction(db, async (tx) => {
    const lot = await findLot(tx, payment.id);
    if (!lot) return;
    for (const { key, amount, returned } of taken) {
      const part = amount >= payment.amount ? lot.granted : (lot.granted * BigInt(amount)) / BigInt(payment.amount);
      if (part <= 0n) continue;
      await tx.query('SELECT claw_back_credits($1, $2, $3, $4)', [lot.user_id, lot.id, part.toString(), key]);
      if (returned) await giveBack(tx, lot, part, key);
    }
  });
}

async function findLot(tx: Tx, paymentId: string): Promise<Lot | null> {
  const { rows } = await tx.query<Lot>(
    `SELECT l.id, l.user_id, l.granted_micro_credits AS granted, l.expires_at
     FROM stripe_payments p JOIN credit_lots l ON l.source_key = p.lot_source_key WHERE p.payment_intent_id = $1`,
    [paymentId],
  );
  return rows[0] ?? null;
}

/** What is given back expires when its lot would have; after that it was taken from other credits, and doesn't. */
async function giveBack(tx: Tx, lot: Lot, microCredits: bigint, key: string): Promise<void> {
  await tx.query(
    `SELECT grant_credits($1, $2, 'adjustment', $3, $4, CASE WHEN $5::timestamptz > now() THEN $5::timestamptz END, $6)`,
    [newId(), lot.user_id, `${key}:returned`, microCredits.toString(), lot.expires_at, 'Given back'],
  );
}
