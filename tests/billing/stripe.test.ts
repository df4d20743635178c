import { beforeAll, describe, expect, it } from 'vitest';
import { applyPaymentEvent } from '#server/billing/apply-payment-event.ts';
import { openPortal } from '#server/billing/open-portal.ts';
import { receivePaymentEvent } from '#server/billing/receive-payment-event.ts';
import { startCheckout } from '#server/billing/start-checkout.ts';
import { verifyLedger } from '#server/billing/verify-ledger.ts';
import { createPayments } from '#server/adapters/payments/create-payments.ts';
import { parseEnv } from '#server/platform/env.ts';
import { createPaymentsApp, eventsSince, type PaymentsApp } from './payments-app.ts';

const CREDIT = 1_000_000n;
const SHUFFLES = Number(process.env['BILLING_SHUFFLES'] ?? 100);

let app: PaymentsApp;
beforeAll(async () => {
  app = await createPaymentsApp();
});

async function deliverAll(from: number): Promise<void> {
  for (const event of eventsSince(app.stripe, from)) await app.deliver(event);
}

const subscriptionOf = (userId: string) => app.prisma.subscription.findFirstOrThrow({ where: { userId } });

describe('FR-BILL-004 plans and top-ups arrive', () => {
  it('a paid subscription grants its plan’s credits until the period’s end, and is the user’s plan (FR-PLAN-002)', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const id = await app.buy(user, { plan: 'starter' });
    await deliverAll(from);
    const lots = await app.prisma.creditLot.findMany({ where: { userId: user.id } });
    const subscription = await subscriptionOf(user.id);
    expect(lots).toMatchObject([{ kind: 'plan', availableMicroCredits: 495n * CREDIT }]);
    expect(lots[0]?.sourceKey).toBe(`sub:${id}:${Number(subscription.currentPeriodStart) / 1000}`);
    expect(lots[0]?.expiresAt).toEqual(subscription.currentPeriodEnd);
    expect(subscription).toMatchObject({ planId: 'starter', status: 'active' });
  });

  it('each renewal grants once; a failed one grants nothing until it is paid', async () => {
    const user = await app.createPayer();
    const id = await app.buy(user, { plan: 'pro' });
    app.stripe.renew(id);
    await deliverAll(0);
    expect((await app.balanceOf(user.id)).available).toBe(2n * 1_980n * CREDIT);
    app.stripe.failRenewal(id);
    await deliverAll(0);
    expect(await subscriptionOf(user.id)).toMatchObject({ status: 'past_due' });
    expect((await app.balanceOf(user.id)).available).toBe(2n * 1_980n * CREDIT);
    app.stripe.payOpenInvoice(id);
    await deliverAll(0);
    expect(await subscriptionOf(user.id)).toMatchObject({ status: 'active' });
    expect((await app.balanceOf(user.id)).available).toBe(3n * 1_980n * CREDIT);
  });

  it('an upgrade grants the difference for the time left; going back and forth grants no more', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const id = await app.buy(user, { plan: 'starter' });
    app.stripe.changePlan(id, 'price_pro', 0.5);
    await deliverAll(from);
    const upgraded = 495n * CREDIT + ((1_980n - 495n) * CREDIT) / 2n;
    expect(await subscriptionOf(user.id)).toMatchObject({ planId: 'pro' });
    expect((await app.balanceOf(user.id)).available).toBe(upgraded);
    app.stripe.changePlan(id, 'price_starter', 0.6);
    app.stripe.changePlan(id, 'price_pro', 0.7);
    await deliverAll(from);
    expect((await app.balanceOf(user.id)).available).toBe(upgraded);
    app.stripe.changePlan(id, 'price_starter', 0.8);
    app.stripe.renew(id);
    await deliverAll(from);
    expect(await subscriptionOf(user.id)).toMatchObject({ planId: 'starter' });
    expect((await app.balanceOf(user.id)).available).toBe(upgraded + 495n * CREDIT);
  });

  it('a cancelled plan is no plan, and its credits stay until they expire', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const id = await app.buy(user, { plan: 'power' });
    app.stripe.cancel(id);
    await deliverAll(from);
    expect(await subscriptionOf(user.id)).toMatchObject({ status: 'canceled' });
    expect((await app.balanceOf(user.id)).available).toBe(4_180n * CREDIT);
  });

  it('a subscription whose first payment fails grants nothing', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    app.stripe.startIncomplete('cus_incomplete', 'price_pro', user.id);
    await deliverAll(from);
    expect(await subscriptionOf(user.id)).toMatchObject({ status: 'incomplete' });
    expect((await app.balanceOf(user.id)).available).toBe(0n);
  });

  it('a top-up that is complete and still unpaid grants nothing; once paid it does, and never expires', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const payment = await app.buy(user, { topUp: '500' }, false);
    await deliverAll(from);
    expect((await app.balanceOf(user.id)).available).toBe(0n);
    app.stripe.settlePayment(payment, 'succeeded');
    await deliverAll(from);
    const lots = await app.prisma.creditLot.findMany({ where: { userId: user.id } });
    expect(lots).toMatchObject([
      { kind: 'topup', sourceKey: `pi:${payment}`, availableMicroCredits: 500n * CREDIT, expiresAt: null },
    ]);
  });

  it('a top-up whose payment fails grants nothing', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const payment = await app.buy(user, { topUp: '50' }, false);
    app.stripe.settlePayment(payment, 'failed');
    await deliverAll(from);
    expect((await app.balanceOf(user.id)).available).toBe(0n);
  });
});

describe('FR-BILL-005 refunds and disputes take back what they pay back', () => {
  it('a partial refund takes its part, a full one the rest, however often it is told', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const payment = await app.buy(user, { topUp: '500' });
    app.stripe.refund(payment, 250);
    await deliverAll(from);
    expect((await app.balanceOf(user.id)).available).toBe(375n * CREDIT);
    app.stripe.refund(payment, 750);
    await deliverAll(from);
    await deliverAll(from);
    expect(await app.balanceOf(user.id)).toEqual({ available: 0n, held: 0n, debt: 0n });
  });

  it('what is spent already becomes debt, which blocks and is paid by the next credits', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const payment = await app.buy(user, { topUp: '50' });
    await deliverAll(from);
    const turn = crypto.randomUUID();
    await app.db.query('SELECT hold_credits($1, $2, $3)', [user.id, turn, (20n * CREDIT).toString()]);
    await app.db.query('SELECT charge_call($1, $2, $3, $4)', [
      user.id,
      turn,
      crypto.randomUUID(),
      (20n * CREDIT).toString(),
    ]);
    app.stripe.refund(payment, 100);
    await deliverAll(from);
    expect(await app.balanceOf(user.id)).toEqual({ available: 0n, held: 0n, debt: 20n * CREDIT });
    await app.buy(user, { topUp: '500' });
    await deliverAll(from);
    expect(await app.balanceOf(user.id)).toEqual({ available: 480n * CREDIT, held: 0n, debt: 0n });
  });

  it('a refund that fails later gives back what it took', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const payment = await app.buy(user, { topUp: '500' });
    const refund = app.stripe.refund(payment, 1_000);
    await deliverAll(from);
    expect((await app.balanceOf(user.id)).available).toBe(0n);
    app.stripe.failRefund(refund);
    await deliverAll(from);
    expect((await app.balanceOf(user.id)).available).toBe(500n * CREDIT);
  });

  it('a dispute takes at once; won, it gives back; lost, it doesn’t', async () => {
    for (const [outcome, left] of [
      ['won', 500n],
      ['lost', 0n],
    ] as const) {
      const user = await app.createPayer();
      const from = app.stripe.events.length;
      const dispute = app.stripe.dispute(await app.buy(user, { topUp: '500' }), 1_000);
      await deliverAll(from);
      expect((await app.balanceOf(user.id)).available).toBe(0n);
      app.stripe.closeDispute(dispute, outcome);
      await deliverAll(from);
      expect((await app.balanceOf(user.id)).available).toBe(left * CREDIT);
    }
  });

  it('the refund of a plan’s payment takes that period’s credits', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const id = await app.buy(user, { plan: 'pro' });
    app.stripe.refund(app.stripe.paymentOf(id), 1_500);
    await deliverAll(from);
    expect((await app.balanceOf(user.id)).available).toBe(990n * CREDIT);
  });
});

describe('AT-010 FR-BILL-005 order and number of deliveries don’t matter', () => {
  it(
    `${SHUFFLES} shuffled lives of a subscription, each event one to five times, ten at once: the same wallet each time`,
    async () => {
      for (let life = 0; life < SHUFFLES; life += 1) {
        const user = await app.createPayer();
        const from = app.stripe.events.length;
        const live = random() < 0.5;
        const happened = async () => {
          if (!live) return;
          const events = eventsSince(app.stripe, from);
          await Promise.all(events.filter(() => random() < 0.2).map((event) => app.deliver(event)));
        };
        const id = await app.buy(user, { plan: 'starter' });
        await happened();
        app.stripe.changePlan(id, 'price_pro', 0.5);
        await happened();
        const topUp = await app.buy(user, { topUp: '500' });
        const dispute = app.stripe.dispute(topUp, 1_000);
        await happened();
        app.stripe.renew(id);
        app.stripe.refund(app.stripe.paymentOf(id), 1_500);
        await happened();
        app.stripe.closeDispute(dispute, 'won');
        app.stripe.failRenewal(id);
        await happened();
        app.stripe.payOpenInvoice(id);
        app.stripe.cancel(id);
        const deliveries = shuffle(
          eventsSince(app.stripe, from).flatMap((event) =>
            Array.from({ length: 1 + Math.floor(random() * 5) }, () => event),
          ),
        );
        await inParallel(10, deliveries, (event) => app.deliver(event));
        const expected = 495n + 1_485n / 2n + 500n + 1_980n / 2n + 1_980n;
        const balance = await app.balanceOf(user.id);
        expect({ ...balance, life }).toEqual({ available: expected * CREDIT + CREDIT / 2n, held: 0n, debt: 0n, life });
        expect(await subscriptionOf(user.id)).toMatchObject({ status: 'canceled', planId: 'pro' });
      }
      expect((await verifyLedger(app)).drifts.filter(({ check }) => !/turn|call/.test(check))).toEqual([]);
    },
    60_000 + SHUFFLES * 5_000,
  );

  it('the same event ten times at once is one grant', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    await app.buy(user, { topUp: '500' });
    const events = eventsSince(app.stripe, from);
    await Promise.all(
      Array.from({ length: 10 }, () => events)
        .flat()
        .map((event) => app.deliver(event)),
    );
    expect((await app.balanceOf(user.id)).available).toBe(500n * CREDIT);
  });

  it('a look at Stripe that was taken earlier never overwrites a later one', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    const id = await app.buy(user, { plan: 'starter' });
    const [early] = eventsSince(app.stripe, from);
    const before = await app.payments.getSubscription(id);
    const looking = Promise.withResolvers();
    const held = Promise.withResolvers();
    const getSubscription = async () => {
      looking.resolve(null);
      await held.promise;
      return before;
    };
    const slow = { ...app, payments: { ...app.payments, getSubscription } };
    const { body, signature } = app.stripe.sign(early!);
    await receivePaymentEvent({ ...app, queue: { ...app.queue, send: async () => {} } }, { rawBody: body, signature });
    const late = applyPaymentEvent(slow, { eventId: early!.id });
    await looking.promise;
    app.stripe.cancel(id);
    await app.deliver(app.stripe.events.at(-1)!);
    held.resolve(null);
    await late;
    expect(await subscriptionOf(user.id)).toMatchObject({ status: 'canceled' });
  });
});

describe('a webhook that isn’t Stripe’s', () => {
  it.each([
    [
      'another secret',
      (event: Parameters<PaymentsApp['stripe']['sign']>[0]) => app.stripe.sign(event, { secret: 'whsec_other' }),
    ],
    [
      'a signature of ten minutes ago',
      (event: Parameters<PaymentsApp['stripe']['sign']>[0]) => app.stripe.sign(event, { age: 600 }),
    ],
    [
      'a body written anew',
      (event: Parameters<PaymentsApp['stripe']['sign']>[0]) => {
        const { body, signature } = app.stripe.sign(event);
        return { body: JSON.stringify(JSON.parse(body), null, 2), signature };
      },
    ],
    [
      'no signature',
      (event: Parameters<PaymentsApp['stripe']['sign']>[0]) => ({ ...app.stripe.sign(event), signature: null }),
    ],
  ])('%s is refused and nothing is kept', async (_what, signed) => {
    const event = { id: `evt_forged_${_what}`, type: 'payment_intent.succeeded', object: { id: 'pi_1' } };
    const { body, signature } = signed(event);
    await expect(receivePaymentEvent(app, { rawBody: body, signature })).rejects.toMatchObject({
      code: 'bad_signature',
    });
    expect(await app.prisma.stripeEvent.count({ where: { id: event.id } })).toBe(0);
  });
});

describe('calls to Stripe', () => {
  it('carry idempotency keys that are kept; the client’s key again is the same page', async () => {
    const user = await app.createPayer();
    const wanted = { topUp: '50' };
    const first = await startCheckout(app, { user, wanted, clientKey: 'press-1' });
    const again = await startCheckout(app, { user, wanted, clientKey: 'press-1' });
    const other = await startCheckout(app, { user, wanted, clientKey: 'press-2' });
    expect(again).toEqual(first);
    expect(other.url).not.toBe(first.url);
    const keys = (await app.prisma.stripeRequest.findMany({ where: { userId: user.id } })).map(
      (row) => row.idempotencyKey,
    );
    const sent = app.stripe.requests.filter(({ method }) => method === 'POST');
    expect(sent.every(({ idempotencyKey }) => idempotencyKey !== null)).toBe(true);
    expect(keys.every((key) => sent.some(({ idempotencyKey }) => idempotencyKey === key))).toBe(true);
    expect(keys).toHaveLength(3);
  });

  it('a second plan is refused, an unknown plan or pack as well', async () => {
    const user = await app.createPayer();
    const from = app.stripe.events.length;
    await app.buy(user, { plan: 'starter' });
    await deliverAll(from);
    await expect(startCheckout(app, { user, wanted: { plan: 'pro' }, clientKey: null })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(startCheckout(app, { user, wanted: { plan: 'gold' }, clientKey: null })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(startCheckout(app, { user, wanted: { topUp: '7' }, clientKey: null })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect((await openPortal(app, { user, clientKey: null })).url).toMatch(/^https:/);
  });

  it('of two payment pages for plans that are open at once only the newest can be paid', async () => {
    const user = await app.createPayer();
    const pageOf = async (plan: string) => {
      const { url } = await startCheckout(app, { user, wanted: { plan }, clientKey: null });
      return url.split('/').at(-1) ?? '';
    };
    const first = await pageOf('starter');
    const second = await pageOf('pro');
    expect(() => app.stripe.completeCheckout(first)).toThrow('can no longer be paid');
    const from = app.stripe.events.length;
    app.stripe.completeCheckout(second);
    await deliverAll(from);
    expect(await app.prisma.subscription.count({ where: { userId: user.id } })).toBe(1);
  });

  it('Stripe being away is said in plain words; without a key nothing is sold', async () => {
    const user = await app.createPayer();
    const off = { ...app, payments: createPayments(parseEnv({})) };
    await expect(startCheckout(off, { user, wanted: { plan: 'pro' }, clientKey: null })).rejects.toMatchObject({
      code: 'not_configured',
    });
    await expect(openPortal(off, { user, clientKey: null })).rejects.toMatchObject({ code: 'not_configured' });
    app.stripe.down = true;
    await expect(startCheckout(app, { user, wanted: { topUp: '50' }, clientKey: null }))
      .rejects.toMatchObject({ code: 'unavailable' })
      .finally(() => (app.stripe.down = false));
  });
});

/** The same lives each run. */
let state = 42;
function random(): number {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return state / 4_294_967_296;
}

function shuffle<T>(items: T[]): T[] {
  const shuffled = [...items];
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other] as T, shuffled[at] as T];
  }
  return shuffled;
}

async function inParallel<T>(width: number, items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
    }),
  );
}
