import { getOwnedTurnId } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZTurn } from '#server/turns/contract.ts';
import { getTurn } from '#server/turns/get-turn.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A turn with its steps, as far as they have come',
    status: 200,
    response: ZTurn,
    find: ({ app, principal, params }) => getOwnedTurnId(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, found }) => getTurn(app, found.id),
  }),
});

export const loader = route.loader;
export const action = route.action;
