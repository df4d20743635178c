import type Stripe from 'stripe';
import type { Dispute, PaymentState, Refund } from '#server/adapters/payments/port.ts';

/** A payment as it is now, with what came back of it. */
export async function readStripePayment(stripe: Stripe, paymentId: string): Promise<PaymentState> {
  const intent = await stripe.paymentIntents.retrieve(paymentId);
  const topUp = intent.metadata['topUpCredits'];
  const topUpCredits = topUp !== undefined && /^[1-9]\d{0,8}$/.test(topUp) ? BigInt(topUp) : null;
  const [refunds, disputes, subscriptionId] = await Promise.all([
    stripe.refunds.list({ payment_intent: paymentId, limit: 100 }).autoPagingToArray({ limit: 1000 }),
    stripe.disputes.list({ payment_intent: paymentId, limit: 100 }).autoPagingToArray({ limit: 1000 }),
    topUpCredits === null ? subscriptionOf(stripe, paymentId) : null,
  ]);
  return {
    id: intent.id,
    customerId: intent.customer === null ? null : idOf(intent.customer),
    userId: intent.metadata['userId'] ?? null,
    succeeded: intent.status === 'succeeded',
    amount: intent.amount_received,
    topUpCredits,
    subscriptionId,
    refunds: refunds.map(({ id, amount, status }) => ({ id, amount, state: refundState(status) })),
    disputes: disputes.map(({ id, amount, status }) => ({ id, amount, state: disputeState(status) })),
  };
}

async function subscriptionOf(stripe: Stripe, paymentId: string): Promise<string | null> {
  const { data } = await stripe.invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: paymentId },
    limit: 1,
  });
  const invoiceId = data[0] && idOf(data[0].invoice);
  if (!invoiceId) return null;
  const subscription = (await stripe.invoices.retrieve(invoiceId)).parent?.subscription_details?.subscription;
  return subscription ? idOf(subscription) : null;
}

function refundState(status: string | null): Refund['state'] {
  if (status === 'succeeded') return 'succeeded';
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending';
}

function disputeState(status: string): Dispute['state'] {
  if (status === 'won' || status === 'lost') return status;
  return status === 'needs_response' || status === 'under_review' ? 'open' : 'warning';
}

function idOf(reference: string | { id: string }): string {
  return typeof reference === 'string' ? reference : reference.id;
}
