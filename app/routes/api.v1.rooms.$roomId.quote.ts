import { getOwnedRoomId } from '#server/auth/find-owned.ts';
import { ZQuote } from '#server/billing/contract.ts';
import { quoteTurn } from '#server/billing/quote-turn.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZCreateTurn } from '#server/turns/contract.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'What sending this message would cost, as a range; never above what the send would reserve',
    scope: 'read',
    body: ZCreateTurn,
    status: 200,
    response: ZQuote,
    errors: ['no_valid_tags', 'no_active_agents', 'model_not_allowed'],
    find: ({ app, principal, params }) => getOwnedRoomId(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      quoteTurn(app, { user: principal.user, conversation: { kind: 'room', id: found.id }, request: body }),
  }),
});

export const loader = route.loader;
export const action = route.action;
