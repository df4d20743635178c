import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { ensureCustomer } from '#server/billing/ensure-customer.ts';
import { paymentRequest } from '#server/billing/payment-request.ts';
import { AppError } from '#server/platform/errors.ts';

/** The address where a user changes or cancels the plan and sees invoices. Throws not_configured, unavailable. */
export async function openPortal(
  app: Pick<App, 'db' | 'env' | 'payments'>,
  { user, clientKey }: { user: User; clientKey: string | null },
): Promise<{ url: string }> {
  if (app.payments.kind === 'none') {
    throw new AppError(
      'not_configured',
      'There are no payments to manage: payments are not configured on this server.',
    );
  }
  const customerId = await ensureCustomer(app, user);
  const request = { userId: user.id, kind: 'portal' as const, subject: customerId };
  return paymentRequest(app, request, clientKey, (key) =>
    app.payments.createPortal({ customerId, returnUrl: `${app.env.appUrl}/billing` }, key),
  );
}
