import Stripe from 'stripe';
import type { PaymentsPort } from '#server/adapters/payments/port.ts';
import { readStripeEvent } from '#server/adapters/payments/read-stripe-event.ts';
import { readStripePayment } from '#server/adapters/payments/read-stripe-payment.ts';
import { readStripeSubscription } from '#server/adapters/payments/read-stripe-subscription.ts';
import { AppError } from '#server/platform/errors.ts';

export type StripeOptions = {
  secretKey: string;
  webhookSecret: string;
  /** Null: Stripe's own. */
  apiBase: string | null;
  /** Stripe's price ids by plan, and by the credits of a top-up. */
  planPrices: Record<string, string>;
  topUpPrices: Record<string, string>;
};

const TIMEOUT_MS = 20_000;

export function createStripePayments(options: StripeOptions): PaymentsPort {
  const stripe = new Stripe(options.secretKey, {
    maxNetworkRetries: 2,
    timeout: TIMEOUT_MS,
    telemetry: false,
    ...addressOf(options.apiBase),
  });
  return {
    kind: 'stripe',

    async createCustomer({ userId, email }, idempotencyKey) {
      const made = await ask(() => stripe.customers.create({ email, metadata: { userId } }, { idempotencyKey }));
      return made.id;
    },

    async createCheckout({ userId, customerId, item, successUrl, cancelUrl }, idempotencyKey) {
      const common = {
        customer: customerId,
        client_reference_id: userId,
        success_url: successUrl,
        cancel_url: cancelUrl,
      };
      const line_items = [{ price: priceOf(options, item), quantity: 1 }];
      const params: Stripe.Checkout.SessionCreateParams =
        'plan' in item
          ? { ...common, mode: 'subscription', line_items, subscription_data: { metadata: { userId } } }
          : {
              ...common,
              mode: 'payment',
              line_items,
              payment_intent_data: { metadata: { userId, topUpCredits: item.topUp } },
            };
      const session = await ask(() => stripe.checkout.sessions.create(params, { idempotencyKey }));
      if (!session.url) throw new AppError('unavailable', 'The payment page could not be opened. Try again.');
      if ('plan' in item) await expireOtherPages(stripe, customerId, session.id);
      return { id: session.id, url: session.url };
    },

    async createPortal({ customerId, returnUrl }, idempotencyKey) {
      const params = { customer: customerId, return_url: returnUrl };
      const { url } = await ask(() => stripe.billingPortal.sessions.create(params, { idempotencyKey }));
      return { url };
    },

    readEvent: (rawBody, signature) => readStripeEvent(stripe, options.webhookSecret, rawBody, signature),

    async resolve({ kind, id }) {
      switch (kind) {
        case 'subscription':
          return { subscriptionId: id };
        case 'payment':
          return { paymentId: id };
        case 'invoice': {
          const invoice = await orNull(() => stripe.invoices.retrieve(id));
          const subscription = invoice?.parent?.subscription_details?.subscription;
          return subscription ? { subscriptionId: idOf(subscription) } : null;
        }
        case 'checkout': {
          const session = await orNull(() => stripe.checkout.sessions.retrieve(id));
          if (session?.subscription) return { subscriptionId: idOf(session.subscription) };
          return session?.payment_intent ? { paymentId: idOf(session.payment_intent) } : null;
        }
      }
    },

    getSubscription: (id) => orNull(() => readStripeSubscription(stripe, options.planPrices, id)),
    getPayment: (id) => orNull(() => readStripePayment(stripe, id)),
  };
}

/** Of several open pages for a plan only the newest can be paid: two paid ones would be two subscriptions. */
async function expireOtherPages(stripe: Stripe, customerId: string, newest: string): Promise<void> {
  const open = await ask(() => stripe.checkout.sessions.list({ customer: customerId, status: 'open', limit: 100 }));
  for (const { id, mode } of open.data) {
    // One that was paid or ran out meanwhile can't be expired, and needn't be.
    if (mode === 'subscription' && id !== newest) await orNull(() => stripe.checkout.sessions.expire(id));
  }
}

function priceOf({ planPrices, topUpPrices }: StripeOptions, item: { plan: string } | { topUp: string }): string {
  const price = 'plan' in item ? planPrices[item.plan] : topUpPrices[item.topUp];
  if (price === undefined) throw new AppError('not_configured', 'This is not on sale on this server.');
  return price;
}

function addressOf(apiBase: string | null): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  if (apiBase === null) return {};
  const { protocol, hostname, port } = new URL(apiBase);
  const secure = protocol === 'https:';
  return {
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    protocol: secure ? 'https' : 'http',
  };
}

function idOf(reference: string | { id: string }): string {
  return typeof reference === 'string' ? reference : reference.id;
}

/** Stripe's failures in words of ours; none of its own reach a person, since they may quote keys and ids. */
async function ask<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    throw new AppError(
      'unavailable',
      'The payment provider can’t be reached or refused. Nothing was charged; try again.',
      {
        cause: error,
        retryAfter: 30,
      },
    );
  }
}

function orNull<T>(call: () => Promise<T>): Promise<T | null> {
  return ask(async () => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError && isGone(error)) return null;
      throw error;
    }
  });
}

function isGone({ statusCode, message }: Stripe.errors.StripeInvalidRequestError): boolean {
  return statusCode === 404 || (statusCode === 400 && /only.+open.+can be expired/i.test(message));
}
