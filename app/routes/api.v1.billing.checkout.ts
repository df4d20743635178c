import { ZCheckout, ZRedirect } from '#server/billing/contract.ts';
import { startCheckout } from '#server/billing/start-checkout.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Open a payment page for a plan or a top-up; with Idempotency-Key the same request again is the same page',
    body: ZCheckout,
    headers: ZIdempotencyHeader,
    status: 200,
    response: ZRedirect,
    errors: ['not_configured', 'conflict', 'unavailable'],
    handle: ({ app, principal, body, request }) =>
      startCheckout(app, { user: principal.user, wanted: body, clientKey: readIdempotencyKey(request) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
