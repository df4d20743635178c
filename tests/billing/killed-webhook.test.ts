import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { receivePaymentEvent } from '#server/billing/receive-payment-event.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { createPaymentsApp, eventsSince, type PaymentsApp } from './payments-app.ts';

const CREDIT = 1_000_000n;

let app: PaymentsApp;
beforeAll(async () => {
  app = await createPaymentsApp();
});

/** How often a whole run touches the database or Stripe; null when it was killed before its end. */
function applyOnce(eventId: string, dieBefore: number): Promise<number | null> {
  const script = join(import.meta.dirname, 'apply-once.ts');
  const child = spawn(process.execPath, [script, app.url, eventId, String(dieBefore)], {
    env: { ...COMPILE_CACHE, NODE_ENV: 'test', PATH: process.env['PATH'], ...app.stripe.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (piece: Buffer) => (printed += piece.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve(null);
      else if (code === 0) resolve(Number(printed));
      else reject(new Error(`apply-once ended with ${code}`));
    });
  });
}

async function receiveAll(from: number): Promise<string[]> {
  const noted = { ...app, queue: { ...app.queue, send: async () => {} } };
  for (const event of eventsSince(app.stripe, from)) {
    const { body, signature } = app.stripe.sign(event);
    await receivePaymentEvent(noted, { rawBody: body, signature });
  }
  return eventsSince(app.stripe, from).map(({ id }) => id);
}

it('killed before each statement in turn, the job that applies a refunded subscription ends in the same wallet (I6)', async () => {
  const user = await app.createPayer();
  const from = app.stripe.events.length;
  const id = await app.buy(user, { plan: 'pro' });
  app.stripe.renew(id);
  app.stripe.refund(app.stripe.paymentOf(id), 1_500);
  const events = await receiveAll(from);
  const refund = events.at(-1) ?? '';
  let killed = 0;
  for (let dieBefore = 1; ; dieBefore += 1) {
    const crossed = await applyOnce(refund, dieBefore);
    // Half-way there it is never more than what was paid for.
    expect((await app.balanceOf(user.id)).available).toBeLessThanOrEqual(2n * 1_980n * CREDIT);
    if (crossed !== null) break;
    killed += 1;
  }
  expect(killed).toBeGreaterThan(10);
  for (const eventId of events) await applyOnce(eventId, 0);
  expect(await app.balanceOf(user.id)).toEqual({ available: (1_980n + 990n) * CREDIT, held: 0n, debt: 0n });
  expect(await app.prisma.stripeEvent.count({ where: { appliedAt: null } })).toBe(0);
  expect(await app.prisma.creditLot.count({ where: { userId: user.id } })).toBe(2);
}, 300_000);
