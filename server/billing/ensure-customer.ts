import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { paymentRequest } from '#server/billing/payment-request.ts';

/** The user's customer at the payment provider, made on first need; once, by a key of the user's own. */
export async function ensureCustomer(
  app: Pick<App, 'db' | 'payments'>,
  user: Pick<User, 'id' | 'email'>,
): Promise<string> {
  const { rows } = await app.db.query<{ id: string }>(
    'SELECT stripe_customer_id AS id FROM stripe_customers WHERE user_id = $1',
    [user.id],
  );
  if (rows[0]) return rows[0].id;
  const request = { userId: user.id, kind: 'customer' as const, subject: user.email };
  const made = await paymentRequest(app, request, user.id, (key) =>
    app.payments.createCustomer({ userId: user.id, email: user.email }, key),
  );
  const noted = await app.db.query<{ id: string }>(
    `INSERT INTO stripe_customers (user_id, stripe_customer_id) VALUES ($1, $2)
     ON CONFLICT (user_id) DO UPDATE SET stripe_customer_id = stripe_customers.stripe_customer_id
     RETURNING stripe_customer_id AS id`,
    [user.id, made],
  );
  return noted.rows[0]?.id ?? made;
}
