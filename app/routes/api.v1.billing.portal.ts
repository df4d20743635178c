import { ZRedirect } from '#server/billing/contract.ts';
import { openPortal } from '#server/billing/open-portal.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Open the customer portal: change or cancel the plan, see invoices',
    headers: ZIdempotencyHeader,
    status: 200,
    response: ZRedirect,
    errors: ['not_configured', 'unavailable'],
    handle: ({ app, principal, request }) =>
      openPortal(app, { user: principal.user, clientKey: readIdempotencyKey(request) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
