import type { PaymentSubject } from '#server/adapters/payments/port.ts';
import type { App } from '#server/app.ts';
import { syncPayment } from '#server/billing/sync-payment.ts';
import { syncSubscription } from '#server/billing/sync-subscription.ts';

/**
 * Applies a received event: what it is about is fetched from the payment provider as it is now, and brought here. The
 * event's own content, its age, its order and how often it came don't matter.
 */
export async function applyPaymentEvent(
  app: Pick<App, 'db' | 'payments' | 'log'>,
  { eventId }: { eventId: string },
): Promise<void> {
  const { rows } = await app.db.query<{ kind: PaymentSubject['kind']; id: string; applied: boolean }>(
    `SELECT subject_kind AS kind, subject_id AS id, applied_at IS NOT NULL AS applied FROM stripe_events WHERE id = $1`,
    [eventId],
  );
  const event = rows[0];
  if (!event || event.applied) return;
  const target = await app.payments.resolve(event);
  if (target && 'subscriptionId' in target) await syncSubscription(app, target.subscriptionId);
  else if (target) await syncPayment(app, target.paymentId);
  await app.db.query('UPDATE stripe_events SET applied_at = now() WHERE id = $1', [eventId]);
}
