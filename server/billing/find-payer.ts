import type { App } from '#server/app.ts';

/**
 * The user behind a payment provider's customer: as it was noted when the customer was made, else as the sale itself says,
 * which is then noted. Null: nobody of ours.
 */
export async function findPayer(
  { db }: Pick<App, 'db'>,
  { customerId, userId }: { customerId: string | null; userId: string | null },
): Promise<string | null> {
  const known = await db.query<{ user_id: string }>(
    'SELECT user_id FROM stripe_customers WHERE stripe_customer_id = $1',
    [customerId],
  );
  if (known.rows[0]) return known.rows[0].user_id;
  const named = await db.query<{ id: string }>('SELECT id FROM users WHERE id::text = $1', [userId]);
  const found = named.rows[0]?.id ?? null;
  if (found !== null && customerId !== null) {
    await db.query(
      'INSERT INTO stripe_customers (user_id, stripe_customer_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [found, customerId],
    );
  }
  return found;
}
