/**
 * Applies one event in a process of its own and dies by SIGKILL before statement number `dieBefore` that it sends to the
 * database, or before that request to Stripe: `node tests/billing/apply-once.ts <database url> <event id> <dieBefore>`.
 * Prints how many there were when it comes to its end.
 */
import pg from 'pg';
import { createPayments } from '#server/adapters/payments/create-payments.ts';
import type { PaymentsPort } from '#server/adapters/payments/port.ts';
import { applyPaymentEvent } from '#server/billing/apply-payment-event.ts';
import { createPool } from '#server/platform/db.ts';
import { parseEnv } from '#server/platform/env.ts';
import { createLogger } from '#server/platform/logger.ts';

const [databaseUrl = '', eventId = '', dieBefore = '0'] = process.argv.slice(2);
let crossed = 0;

function cross(): void {
  crossed += 1;
  if (crossed === Number(dieBefore)) process.kill(process.pid, 'SIGKILL');
}

// Every statement passes here, BEGIN and COMMIT as well.
class CountedClient extends pg.Client {}
Object.assign(CountedClient.prototype, {
  query(this: pg.Client, ...given: unknown[]) {
    cross();
    return Reflect.apply(Reflect.get(pg.Client.prototype, 'query') as () => unknown, this, given) as unknown;
  },
});

const env = parseEnv(process.env);
const db = createPool(databaseUrl, { max: 1 });
Object.assign(db, { Client: CountedClient });
const payments = createPayments(env);
const counted: PaymentsPort = {
  ...payments,
  resolve: (subject) => (cross(), payments.resolve(subject)),
  getSubscription: (id) => (cross(), payments.getSubscription(id)),
  getPayment: (id) => (cross(), payments.getPayment(id)),
};
await applyPaymentEvent({ db, payments: counted, log: createLogger(env) }, { eventId });
process.stdout.write(`${crossed}\n`);
await db.end();
