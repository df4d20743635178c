import type { PaymentsPort } from '#server/adapters/payments/port.ts';
import { createStripePayments } from '#server/adapters/payments/stripe.ts';
import type { Env } from '#server/platform/env.ts';
import { AppError } from '#server/platform/errors.ts';

type Config = Pick<
  Env,
  'stripeSecretKey' | 'stripeWebhookSecret' | 'stripeApiBase' | 'stripePlanPrices' | 'stripeTopUpPrices'
>;

/** Stripe when there is a key for it. */
export function createPayments(env: Config): PaymentsPort {
  const { stripeSecretKey: secretKey, stripeWebhookSecret: webhookSecret } = env;
  if (secretKey === null || webhookSecret === null) return createNoPayments();
  return createStripePayments({
    secretKey,
    webhookSecret,
    apiBase: env.stripeApiBase,
    planPrices: env.stripePlanPrices,
    topUpPrices: env.stripeTopUpPrices,
  });
}

function createNoPayments(): PaymentsPort {
  const refuse = () => {
    throw new AppError('not_configured', 'Nothing is sold here: payments are not configured on this server.');
  };
  return {
    kind: 'none',
    createCustomer: refuse,
    createCheckout: refuse,
    createPortal: refuse,
    readEvent: refuse,
    resolve: refuse,
    getSubscription: refuse,
    getPayment: refuse,
  };
}
