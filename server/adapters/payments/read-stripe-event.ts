import type Stripe from 'stripe';
import type { PaymentEvent, PaymentSubject } from '#server/adapters/payments/port.ts';
import { AppError } from '#server/platform/errors.ts';

/** Stripe's own default: what was signed longer ago is refused, so that a recorded delivery can't be played again. */
const TOLERANCE_SECONDS = 300;

/** An event whose signature fits its body, byte for byte. Throws `bad_signature`. */
export function readStripeEvent(
  stripe: Stripe,
  secret: string,
  rawBody: string,
  signature: string | null,
): PaymentEvent {
  let event: Stripe.Event;
  try {
    event = stripe.webhooks.constructEvent(rawBody, signature ?? '', secret, TOLERANCE_SECONDS);
  } catch (error) {
    throw new AppError('bad_signature', 'The signature doesn’t fit the body, or is too old.', { cause: error });
  }
  return { id: event.id, type: event.type, subject: subjectOf(event.type, event.data.object as unknown as Fields) };
}

type Fields = { id?: unknown; payment_intent?: unknown };

/** By the event's name, so that events of an endpoint with an older API version are understood as well. */
function subjectOf(type: string, object: Fields): PaymentSubject | null {
  if (type.startsWith('customer.subscription.')) return subject('subscription', object.id);
  if (type.startsWith('invoice.')) return subject('invoice', object.id);
  if (type.startsWith('checkout.session.')) return subject('checkout', object.id);
  if (type.startsWith('payment_intent.')) return subject('payment', object.id);
  if (/^(charge|refund)\./.test(type)) return subject('payment', object.payment_intent);
  return null;
}

function subject(kind: PaymentSubject['kind'], id: unknown): PaymentSubject | null {
  if (typeof id === 'string') return { kind, id };
  return typeof id === 'object' && id !== null && 'id' in id && typeof id.id === 'string' ? { kind, id: id.id } : null;
}
