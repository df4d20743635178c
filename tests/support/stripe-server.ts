/**
 * The parts of Stripe's API that the product uses, over real HTTP with Stripe's own client in front, and the things that
 * happen at Stripe: people pay, cards fail, plans change, money goes back. Everything that happens is an event, which a
 * test delivers signed as Stripe signs, in any order and number. Idempotency keys work as at Stripe.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';

type Json = Record<string, unknown>;
type Stored = Json & { id: string };

export type StripeEvent = { id: string; type: string; object: Stored };
export type LoggedRequest = { method: string; path: string; idempotencyKey: string | null; params: URLSearchParams };

export type StripeServer = {
  apiBase: string;
  webhookSecret: string;
  /** Settings for the app under test. */
  env: Record<string, string>;
  /** Everything that happened, in order. */
  events: StripeEvent[];
  requests: LoggedRequest[];
  /** Every call is answered 503 while this is true. */
  down: boolean;
  /** A delivery: body and header, signed now or `age` seconds ago. */
  sign(event: StripeEvent, options?: { age?: number; secret?: string }): { body: string; signature: string };
  /** Somebody pays on the page, or starts a payment that takes days. Returns the subscription's or payment's id. */
  completeCheckout(sessionId: string, options?: { paid?: boolean }): string;
  settlePayment(paymentId: string, how: 'succeeded' | 'failed'): void;
  renew(subscriptionId: string): void;
  failRenewal(subscriptionId: string): void;
  /** Recovers a failed renewal. */
  payOpenInvoice(subscriptionId: string): void;
  /** With the difference invoiced and paid at once, `progress` (0 to 1) into the period. */
  changePlan(subscriptionId: string, price: string, progress: number): void;
  cancel(subscriptionId: string): void;
  /** A subscription whose first payment failed. */
  startIncomplete(customerId: string, price: string, userId: string): string;
  /** The payment of a subscription's newest paid invoice. */
  paymentOf(subscriptionId: string): string;
  refund(paymentId: string, amount: number, status?: 'succeeded' | 'pending'): string;
  failRefund(refundId: string): void;
  dispute(paymentId: string, amount: number): string;
  closeDispute(disputeId: string, status: 'won' | 'lost'): void;
  close(): Promise<void>;
};

const MONTH = 30 * 86_400;

export async function startStripeServer(
  given: { prices?: Record<string, number>; periodStart?: number; port?: number } = {},
): Promise<StripeServer> {
  const prices = given.prices ?? {
    price_starter: 900,
    price_pro: 3_000,
    price_power: 6_000,
    price_500: 1_000,
    price_50: 100,
  };
  const begin = given.periodStart ?? Math.floor(Date.now() / 1000) - 10;
  const stripe = new Stripe('sk_test_local');
  const webhookSecret = 'whsec_test_secret';
  const tables = {
    customers: new Map<string, Stored>(),
    sessions: new Map<string, Stored>(),
    subscriptions: new Map<string, Stored>(),
    invoices: new Map<string, Stored>(),
    intents: new Map<string, Stored>(),
    refunds: new Map<string, Stored>(),
    disputes: new Map<string, Stored>(),
  };
  const events: StripeEvent[] = [];
  const requests: LoggedRequest[] = [];
  const answers = new Map<string, { status: number; body: Json }>();
  let count = 0;
  let created = begin;

  const newId = (prefix: string) => `${prefix}_${(count += 1).toString().padStart(6, '0')}`;
  const clone = <T>(value: T): T => structuredClone(value);
  function keep(table: Map<string, Stored>, object: Stored): Stored {
    table.set(object.id, { created: (created += 1), ...object });
    return table.get(object.id) as Stored;
  }
  function tell(type: string, object: Stored): void {
    events.push({ id: newId('evt'), type, object: clone(object) });
  }
  function must(table: Map<string, Stored>, id: string): Stored {
    const found = table.get(id);
    if (!found) throw new Error(`Stripe has no ${id}.`);
    return found;
  }

  function priceObject(id: string): Stored {
    return { id, object: 'price', unit_amount: prices[id] ?? 0, currency: 'usd', metadata: {} };
  }

  function line(price: string, start: number, end: number, amount: number, proration: boolean): Json {
    return {
      id: newId('il'),
      object: 'line_item',
      amount,
      period: { start, end },
      pricing: { type: 'price_details', price_details: { price, product: 'prod_1' } },
      parent: { type: 'subscription_item_details', subscription_item_details: { proration } },
    };
  }

  function makeIntent(customer: unknown, amount: number, status: string, metadata: Json): Stored {
    const received = status === 'succeeded' ? amount : 0;
    const id = newId('pi');
    return keep(tables.intents, {
      id,
      object: 'payment_intent',
      customer,
      amount,
      amount_received: received,
      status,
      metadata,
      latest_charge: `ch_${id}`,
    });
  }

  function makeInvoice(subscription: Stored, lines: Json[], reason: string, paid: boolean): Stored {
    const total = Math.max(
      0,
      lines.reduce((sum, item) => sum + Number(item['amount']), 0),
    );
    const intent =
      total > 0
        ? makeIntent(subscription['customer'], total, paid ? 'succeeded' : 'requires_payment_method', {})
        : null;
    const payments = intent
      ? [
          {
            id: newId('inpay'),
            object: 'invoice_payment',
            status: paid ? 'paid' : 'open',
            payment: { type: 'payment_intent', payment_intent: intent.id },
          },
        ]
      : [];
    const invoice = keep(tables.invoices, {
      id: newId('in'),
      object: 'invoice',
      status: paid ? 'paid' : 'open',
      billing_reason: reason,
      customer: subscription['customer'],
      amount_paid: paid ? total : 0,
      parent: { type: 'subscription_details', subscription_details: { subscription: subscription.id } },
      lines: { object: 'list', data: lines, has_more: false },
      payments: { object: 'list', data: payments, has_more: false },
    });
    if (intent && paid) tell('payment_intent.succeeded', intent);
    tell(paid ? 'invoice.paid' : 'invoice.payment_failed', invoice);
    if (paid) tell('invoice.payment_succeeded', invoice);
    return invoice;
  }

  type Item = { price: Stored; current_period_start: number; current_period_end: number };
  const itemOf = (subscription: Stored) => (subscription['items'] as { data: Item[] }).data[0] as Item;

  function makeSubscription(customer: unknown, price: string, userId: string | undefined, status: string): Stored {
    const item = {
      id: newId('si'),
      price: priceObject(price),
      current_period_start: begin,
      current_period_end: begin + MONTH,
    };
    const subscription = keep(tables.subscriptions, {
      id: newId('sub'),
      object: 'subscription',
      customer,
      status,
      cancel_at: null,
      cancel_at_period_end: false,
      metadata: userId === undefined ? {} : { userId },
      items: { object: 'list', data: [item], has_more: false },
    });
    tell('customer.subscription.created', subscription);
    return subscription;
  }

  function wholePeriod(subscription: Stored): Json[] {
    const { price, current_period_start: start, current_period_end: end } = itemOf(subscription);
    return [line(price.id, start, end, Number(price['unit_amount']), false)];
  }

  function newestPaid(subscriptionId: string): Stored | undefined {
    return [...tables.invoices.values()].findLast(
      (invoice) => subscriptionOf(invoice) === subscriptionId && invoice['status'] === 'paid',
    );
  }

  const api: Omit<StripeServer, 'apiBase' | 'env' | 'close'> = {
    webhookSecret,
    events,
    requests,
    down: false,
    sign(event, { age = 0, secret = webhookSecret } = {}) {
      const body = JSON.stringify({
        id: event.id,
        object: 'event',
        type: event.type,
        api_version: '2026-10-28.endive',
        data: { object: event.object },
      });
      const timestamp = Math.floor(Date.now() / 1000) - age;
      return { body, signature: stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }) };
    },
    completeCheckout(sessionId, { paid = true } = {}) {
      const session = must(tables.sessions, sessionId);
      if (session['status'] !== 'open') throw new Error('This payment page can no longer be paid.');
      session['status'] = 'complete';
      session['payment_status'] = paid ? 'paid' : 'unpaid';
      if (session['mode'] === 'subscription') {
        const subscription = makeSubscription(
          session['customer'],
          String(session['price']),
          String(session['userId']),
          'active',
        );
        makeInvoice(subscription, wholePeriod(subscription), 'subscription_create', true);
        session['subscription'] = subscription.id;
        tell('checkout.session.completed', session);
        return subscription.id;
      }
      const metadata = session['paymentMetadata'] as Json;
      const intent = makeIntent(
        session['customer'],
        prices[String(session['price'])] ?? 0,
        paid ? 'succeeded' : 'processing',
        metadata,
      );
      session['payment_intent'] = intent.id;
      tell('checkout.session.completed', session);
      if (paid) tell('payment_intent.succeeded', intent);
      else tell('payment_intent.processing', intent);
      return intent.id;
    },
    settlePayment(paymentId, how) {
      const intent = must(tables.intents, paymentId);
      intent['status'] = how === 'succeeded' ? 'succeeded' : 'requires_payment_method';
      intent['amount_received'] = how === 'succeeded' ? intent['amount'] : 0;
      const session = [...tables.sessions.values()].find((one) => one['payment_intent'] === paymentId);
      if (session) {
        session['payment_status'] = how === 'succeeded' ? 'paid' : 'unpaid';
        tell(`checkout.session.async_payment_${how}`, session);
      }
      tell(how === 'succeeded' ? 'payment_intent.succeeded' : 'payment_intent.payment_failed', intent);
    },
    renew(subscriptionId) {
      const subscription = must(tables.subscriptions, subscriptionId);
      advance(itemOf(subscription));
      makeInvoice(subscription, wholePeriod(subscription), 'subscription_cycle', true);
      tell('customer.subscription.updated', subscription);
    },
    failRenewal(subscriptionId) {
      const subscription = must(tables.subscriptions, subscriptionId);
      advance(itemOf(subscription));
      subscription['status'] = 'past_due';
      makeInvoice(subscription, wholePeriod(subscription), 'subscription_cycle', false);
      tell('customer.subscription.updated', subscription);
    },
    payOpenInvoice(subscriptionId) {
      const subscription = must(tables.subscriptions, subscriptionId);
      for (const invoice of tables.invoices.values()) {
        if (subscriptionOf(invoice) !== subscriptionId || invoice['status'] !== 'open') continue;
        invoice['status'] = 'paid';
        for (const payment of (
          invoice['payments'] as { data: { status: string; payment: { payment_intent: string } }[] }
        ).data) {
          payment.status = 'paid';
          const intent = must(tables.intents, payment.payment.payment_intent);
          intent['status'] = 'succeeded';
          intent['amount_received'] = intent['amount'];
          tell('payment_intent.succeeded', intent);
        }
        tell('invoice.paid', invoice);
      }
      subscription['status'] = 'active';
      tell('customer.subscription.updated', subscription);
    },
    changePlan(subscriptionId, price, progress) {
      const subscription = must(tables.subscriptions, subscriptionId);
      const item = itemOf(subscription);
      const { current_period_start: start, current_period_end: end } = item;
      const from = start + Math.round((end - start) * progress);
      const share = (id: string) => Math.round(((prices[id] ?? 0) * (end - from)) / (end - start));
      const lines = [
        line(item.price.id, from, end, -share(item.price.id), true),
        line(price, from, end, share(price), true),
      ];
      item.price = priceObject(price);
      makeInvoice(subscription, lines, 'subscription_update', true);
      tell('customer.subscription.updated', subscription);
    },
    cancel(subscriptionId) {
      const subscription = must(tables.subscriptions, subscriptionId);
      subscription['status'] = 'canceled';
      tell('customer.subscription.deleted', subscription);
    },
    startIncomplete(customerId, price, userId) {
      const subscription = makeSubscription(customerId, price, userId, 'incomplete');
      makeInvoice(subscription, wholePeriod(subscription), 'subscription_create', false);
      return subscription.id;
    },
    paymentOf(subscriptionId) {
      const payments = newestPaid(subscriptionId)?.['payments'] as
        { data: { payment: { payment_intent: string } }[] } | undefined;
      const id = payments?.data[0]?.payment.payment_intent;
      if (!id) throw new Error(`Nothing was paid for ${subscriptionId}.`);
      return id;
    },
    refund(paymentId, amount, status = 'succeeded') {
      const refund = keep(tables.refunds, {
        id: newId('re'),
        object: 'refund',
        payment_intent: paymentId,
        amount,
        status,
      });
      tell('refund.created', refund);
      tell('charge.refunded', { id: `ch_${paymentId}`, object: 'charge', payment_intent: paymentId });
      return refund.id;
    },
    failRefund(refundId) {
      const refund = must(tables.refunds, refundId);
      refund['status'] = 'failed';
      tell('refund.failed', refund);
    },
    dispute(paymentId, amount) {
      const dispute = keep(tables.disputes, {
        id: newId('dp'),
        object: 'dispute',
        payment_intent: paymentId,
        amount,
        status: 'needs_response',
      });
      tell('charge.dispute.created', dispute);
      return dispute.id;
    },
    closeDispute(disputeId, status) {
      const dispute = must(tables.disputes, disputeId);
      dispute['status'] = status;
      tell('charge.dispute.closed', dispute);
    },
  };

  function answer(method: string, path: string, query: URLSearchParams, params: URLSearchParams): Json {
    const [resource = '', id, deeper] = path.replace(/^\/v1\//, '').split('/');
    if (method === 'POST') return create(path, params);
    const list = (table: Map<string, Stored>, wanted: (object: Stored) => boolean) => ({
      object: 'list',
      url: path,
      has_more: false,
      data: [...table.values()].filter(wanted).reverse(),
    });
    const forPayment = (object: Stored) => object['payment_intent'] === query.get('payment_intent');
    switch (resource) {
      case 'checkout':
        if (deeper) return one(tables.sessions, deeper);
        return list(
          tables.sessions,
          (session) => session['customer'] === query.get('customer') && session['status'] === query.get('status'),
        );
      case 'subscriptions':
        return one(tables.subscriptions, id);
      case 'payment_intents':
        return one(tables.intents, id);
      case 'prices':
        return priceObject(id ?? '');
      case 'refunds':
        return list(tables.refunds, forPayment);
      case 'disputes':
        return list(tables.disputes, forPayment);
      case 'invoices':
        if (id) return one(tables.invoices, id);
        return list(
          tables.invoices,
          (invoice) =>
            subscriptionOf(invoice) === query.get('subscription') && invoice['status'] === query.get('status'),
        );
      case 'invoice_payments': {
        const wanted = query.get('payment[payment_intent]');
        const data = [...tables.invoices.values()].flatMap((invoice) =>
          (invoice['payments'] as { data: (Json & { payment: { payment_intent: string } })[] }).data
            .filter(({ payment }) => payment.payment_intent === wanted)
            .map((payment) => ({ ...payment, invoice: invoice.id })),
        );
        return { object: 'list', url: path, has_more: false, data };
      }
      default:
        throw new Refusal(404, `Unrecognized request URL (GET: ${path}).`);
    }
  }

  function create(path: string, params: URLSearchParams): Json {
    const expiring = /^\/v1\/checkout\/sessions\/(\w+)\/expire$/.exec(path);
    if (expiring) {
      const session = must(tables.sessions, expiring[1] ?? '');
      if (session['status'] !== 'open') {
        throw new Refusal(400, 'Only Checkout Sessions with a status in ["open"] can be expired.');
      }
      session['status'] = 'expired';
      return session;
    }
    switch (path) {
      case '/v1/customers':
        return keep(tables.customers, { id: newId('cus'), object: 'customer', email: params.get('email') });
      case '/v1/checkout/sessions': {
        const id = newId('cs');
        const price = params.get('line_items[0][price]') ?? '';
        if (!(price in prices)) throw new Refusal(400, `No such price: '${price}'`);
        const metadata = {
          userId: params.get('payment_intent_data[metadata][userId]'),
          topUpCredits: params.get('payment_intent_data[metadata][topUpCredits]'),
        };
        return keep(tables.sessions, {
          id,
          object: 'checkout.session',
          url: `https://checkout.stripe.test/${id}`,
          mode: params.get('mode'),
          customer: params.get('customer'),
          status: 'open',
          payment_status: 'unpaid',
          subscription: null,
          payment_intent: null,
          price,
          userId: params.get('subscription_data[metadata][userId]'),
          paymentMetadata: metadata,
        });
      }
      case '/v1/billing_portal/sessions':
        return { id: newId('bps'), object: 'billing_portal.session', url: `https://billing.stripe.test/${newId('p')}` };
      default:
        throw new Refusal(404, `Unrecognized request URL (POST: ${path}).`);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    const params = new URLSearchParams(await read(request));
    const key = request.headers['idempotency-key'];
    const idempotencyKey = typeof key === 'string' ? key : null;
    requests.push({ method, path: url.pathname, idempotencyKey, params });
    const known = idempotencyKey === null ? undefined : answers.get(idempotencyKey);
    const made = api.down
      ? refused(503, 'Stripe is down.')
      : (known ?? attempt(() => answer(method, url.pathname, url.searchParams, params)));
    if (idempotencyKey !== null && !api.down && method === 'POST') answers.set(idempotencyKey, made);
    response.writeHead(made.status, { 'content-type': 'application/json', 'request-id': newId('req') });
    response.end(JSON.stringify(made.body));
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(given.port ?? 0, '127.0.0.1', resolve));
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    STRIPE_SECRET_KEY: 'sk_test_local',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: apiBase,
    STRIPE_PRICE_STARTER: 'price_starter',
    STRIPE_PRICE_PRO: 'price_pro',
    STRIPE_PRICE_POWER: 'price_power',
    STRIPE_PRICE_TOPUP_500: 'price_500',
    STRIPE_PRICE_TOPUP_50: 'price_50',
  };
  return Object.assign(api, {
    apiBase,
    env,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function attempt(work: () => Json): { status: number; body: Json } {
  try {
    return { status: 200, body: structuredClone(work()) };
  } catch (error) {
    if (error instanceof Refusal) return refused(error.status, error.message);
    throw error;
  }
}

function refused(status: number, message: string): { status: number; body: Json } {
  return { status, body: { error: { type: status >= 500 ? 'api_error' : 'invalid_request_error', message } } };
}

function one(table: Map<string, Stored>, id: string | undefined): Stored {
  const found = table.get(id ?? '');
  if (!found) throw new Refusal(404, `No such object: '${id}'`);
  return found;
}

function subscriptionOf(invoice: Stored): string {
  return (invoice['parent'] as { subscription_details: { subscription: string } }).subscription_details.subscription;
}

function advance(item: { current_period_start: number; current_period_end: number }): void {
  item.current_period_start = item.current_period_end;
  item.current_period_end += MONTH;
}

function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => (text += piece));
    request.on('end', () => resolve(text));
    request.on('error', reject);
  });
}
