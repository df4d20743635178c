import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import type { Checkout } from '#server/billing/contract.ts';
import { ensureCustomer } from '#server/billing/ensure-customer.ts';
import { paymentRequest } from '#server/billing/payment-request.ts';
import { AppError } from '#server/platform/errors.ts';

/** A subscription in one of these states is there, and is changed rather than bought again. */
const STANDING = ['active', 'trialing', 'past_due', 'unpaid', 'paused'];

/**
 * Opens a payment page for a plan or a top-up and returns its address. Throws not_configured, invalid_input for what is
 * not on offer, conflict when there is a subscription already, unavailable.
 */
export async function startCheckout(
  app: Pick<App, 'db' | 'env' | 'payments'>,
  { user, wanted, clientKey }: { user: User; wanted: Checkout; clientKey: string | null },
): Promise<{ url: string }> {
  const item = itemOf(app, wanted);
  if ('plan' in item) await assertNoSubscription(app, user.id);
  const customerId = await ensureCustomer(app, user);
  const subject = 'plan' in item ? `plan:${item.plan}` : `topup:${item.topUp}`;
  const session = await paymentRequest(app, { userId: user.id, kind: 'checkout', subject }, clientKey, (key) =>
    app.payments.createCheckout(
      {
        userId: user.id,
        customerId,
        item,
        successUrl: `${app.env.appUrl}/billing?checkout=done`,
        cancelUrl: `${app.env.appUrl}/billing?checkout=cancelled`,
      },
      key,
    ),
  );
  return { url: session.url };
}

function itemOf({ env, payments }: Pick<App, 'env' | 'payments'>, { plan, topUp }: Checkout) {
  if (payments.kind === 'none') {
    throw new AppError('not_configured', 'Nothing is sold here: payments are not configured on this server.');
  }
  if (plan !== undefined) {
    if (Object.hasOwn(env.stripePlanPrices, plan)) return { plan };
    throw notOnOffer('plan', Object.keys(env.stripePlanPrices));
  }
  if (topUp !== undefined && Object.hasOwn(env.stripeTopUpPrices, topUp)) return { topUp };
  throw notOnOffer('topUp', Object.keys(env.stripeTopUpPrices));
}

function notOnOffer(path: string, offered: string[]): AppError {
  const message = offered.length === 0 ? 'Nothing of this kind is on offer.' : `On offer: ${offered.join(', ')}.`;
  return new AppError('invalid_input', message, { errors: [{ path, message }] });
}

async function assertNoSubscription({ db }: Pick<App, 'db'>, userId: string): Promise<void> {
  const { rowCount } = await db.query(
    `SELECT 1 FROM subscriptions WHERE user_id = $1 AND stripe_subscription_id IS NOT NULL AND status = ANY($2)`,
    [userId, STANDING],
  );
  if (rowCount === 0) return;
  throw new AppError('conflict', 'You have a plan already. Change or cancel it in the customer portal.');
}
