import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZReceipt } from '#server/usage/contract.ts';
import { getReceipt } from '#server/usage/get-receipt.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'What a turn cost and why: every call with the formula and its numbers, and the sum',
    status: 200,
    response: ZReceipt,
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, found }) => getReceipt(app, found.id),
  }),
});

export const loader = route.loader;
export const action = route.action;
