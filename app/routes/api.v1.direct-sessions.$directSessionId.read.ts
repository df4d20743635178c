import { getOwnedDirectSession } from '#server/auth/find-owned.ts';
import { markRead } from '#server/conversations/mark-read.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  PUT: operation({
    summary: 'What finished in the direct chat until now is read.',
    allowSuspended: true,
    status: 204,
    response: null,
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: ({ app, found }) => markRead(app, { kind: 'direct', conversationId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
