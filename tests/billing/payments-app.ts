import { afterAll } from 'vitest';
import { createPayments } from '#server/adapters/payments/create-payments.ts';
import { applyPaymentEvent } from '#server/billing/apply-payment-event.ts';
import { receivePaymentEvent } from '#server/billing/receive-payment-event.ts';
import { startCheckout } from '#server/billing/start-checkout.ts';
import { parseEnv } from '#server/platform/env.ts';
import { createLogger } from '#server/platform/logger.ts';
import { createMetrics } from '#server/platform/metrics.ts';
import { createQueue } from '#server/platform/queue.ts';
import { createDataApp } from '../support/data-app.ts';
import { startStripeServer, type StripeEvent, type StripeServer } from '../support/stripe-server.ts';

type Payer = { id: string; email: string; role: 'user'; plan: null; suspended: boolean };
export type PaymentsApp = Awaited<ReturnType<typeof createPaymentsApp>>;
export type Balance = { available: bigint; held: bigint; debt: bigint };

/** Billing's verbs on a database of the file's own, with Stripe's client in front of a local Stripe. */
export async function createPaymentsApp() {
  const stripe = await startStripeServer();
  const data = await createDataApp();
  const env = parseEnv({ ...stripe.env, LOG_LEVEL: 'error' });
  const log = createLogger(env);
  const metrics = createMetrics();
  const queue = createQueue({ databaseUrl: data.url, log, metrics });
  const app = { ...data, env, log, metrics, queue, payments: createPayments(env) };
  afterAll(() => stripe.close());

  return {
    ...app,
    stripe,
    async createPayer(): Promise<Payer> {
      const { id } = await data.createUser();
      return { id, email: `${id}@example.com`, role: 'user', plan: null, suspended: false };
    },
    /** Buys, pays, and returns what was bought: a subscription's id or a payment's. */
    async buy(user: Payer, wanted: { plan: string } | { topUp: string }, paid = true) {
      const { url } = await startCheckout(app, { user, wanted, clientKey: null });
      return stripe.completeCheckout(url.split('/').at(-1) ?? '', { paid });
    },
    /** A delivery as the webhook takes it in, without the queue. */
    async deliver(event: StripeEvent) {
      const { body, signature } = stripe.sign(event);
      const noted = { ...app, queue: { ...queue, send: async () => {} } };
      await receivePaymentEvent(noted, { rawBody: body, signature });
      await applyPaymentEvent(app, { eventId: event.id });
    },
    async balanceOf(userId: string): Promise<Balance> {
      const { rows } = await data.db.query<Balance>(
        `SELECT available_micro_credits AS available, held_micro_credits AS held, debt_micro_credits AS debt
         FROM credit_wallets WHERE user_id = $1`,
        [userId],
      );
      return rows[0] ?? { available: 0n, held: 0n, debt: 0n };
    },
  };
}

/** Events that belong to a range of what happened. */
export function eventsSince(stripe: StripeServer, start: number): StripeEvent[] {
  return stripe.events.slice(start);
}
