import { createHash } from 'node:crypto';
import type { App } from '#server/app.ts';
import { newId } from '#server/platform/ids.ts';

type Request = { userId: string; kind: 'customer' | 'checkout' | 'portal'; subject: string };

/**
 * Makes one call to the payment provider under an idempotency key that is kept before it is made. With the client's own
 * key the same request again, also after a crash, is the same call.
 */
export async function paymentRequest<T>(
  { db }: Pick<App, 'db'>,
  request: Request,
  clientKey: string | null,
  call: (idempotencyKey: string) => Promise<T>,
): Promise<T> {
  const key = `pantheon-${request.kind}-${clientKey === null ? newId() : digest([request, clientKey])}`;
  await db.query(
    `INSERT INTO stripe_requests (idempotency_key, user_id, kind, subject) VALUES ($1, $2, $3, $4)
     ON CONFLICT (idempotency_key) DO NOTHING`,
    [key, request.userId, request.kind, request.subject],
  );
  return call(key);
}

function digest(parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
