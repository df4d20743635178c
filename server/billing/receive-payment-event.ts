import type { App } from '#server/app.ts';
import { transaction } from '#server/platform/db.ts';

/**
 * Takes an event in: its id and subject are kept and its job is enqueued in one transaction, so that it is answered at
 * once and applied for sure. One that was applied before changes nothing. Throws bad_signature, not_configured.
 */
export async function receivePaymentEvent(
  app: Pick<App, 'db' | 'payments' | 'queue'>,
  { rawBody, signature }: { rawBody: string; signature: string | null },
): Promise<void> {
  const event = app.payments.readEvent(rawBody, signature);
  const { subject } = event;
  if (subject === null) return;
  await transaction(app.db, async (tx) => {
    const { rows } = await tx.query<{ applied_at: Date | null }>(
      `INSERT INTO stripe_events (id, type, subject_kind, subject_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET type = stripe_events.type RETURNING applied_at`,
      [event.id, event.type, subject.kind, subject.id],
    );
    if (rows[0]?.applied_at === null) await app.queue.send('apply-payment-event', { eventId: event.id }, { tx });
  });
}
