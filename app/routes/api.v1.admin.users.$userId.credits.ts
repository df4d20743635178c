import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZAdjustCredits, ZCreditAdjustment } from '#server/admin/contract.ts';
import { adjustCredits } from '#server/admin/users/adjust-credits.ts';
import { getUser } from '#server/admin/users/find-users.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { readIdempotencyKey } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Gives credits, or takes what is there; the same Idempotency-Key again changes nothing more',
    audience: 'admin',
    body: ZAdjustCredits,
    status: 201,
    response: ZCreditAdjustment,
    errors: ['conflict', 'idempotency_conflict'],
    find: ({ app, params }) => getUser(app, params['userId'] ?? ''),
    handle: ({ app, principal, found, body, request, context }) =>
      adjustCredits(app, {
        userId: found.id,
        adjustment: body,
        idempotencyKey: readIdempotencyKey(request),
        by: byRequest(principal, context),
      }),
  }),
});

export const loader = route.loader;
export const action = route.action;
