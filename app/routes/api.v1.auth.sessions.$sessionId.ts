import { endSession } from '#server/auth/end-session.ts';
import { getOwnedSession } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  DELETE: operation({
    summary: 'Signs one browser out.',
    allowSuspended: true,
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedSession(app, principal.user.id, params['sessionId'] ?? ''),
    handle: ({ app, found }) => endSession(app, { sessionId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
