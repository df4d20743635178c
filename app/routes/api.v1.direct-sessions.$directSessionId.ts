import { getOwnedDirectSession } from '#server/auth/find-owned.ts';
import { ZDirectSession, ZUpdateDirectSession } from '#server/direct/contract.ts';
import { deleteDirectSession } from '#server/direct/delete-direct-session.ts';
import { presentDirectSession } from '#server/direct/present-direct-session.ts';
import { updateDirectSession } from '#server/direct/update-direct-session.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A direct chat.',
    status: 200,
    response: ZDirectSession,
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: ({ found }) => Promise.resolve(presentDirectSession(found)),
  }),
  PATCH: operation({
    summary: 'Renames a direct chat or changes its agent from the next send on; what is left out stays.',
    body: ZUpdateDirectSession,
    status: 200,
    response: ZDirectSession,
    errors: ['model_not_allowed'],
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      updateDirectSession(app, { user: principal.user, directSessionId: found.id, changes: body }),
  }),
  DELETE: operation({
    summary: 'Deletes a direct chat and stops its turns; it can be restored for 7 days.',
    status: 204,
    response: null,
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: ({ app, principal, found }) =>
      deleteDirectSession(app, { userId: principal.user.id, directSessionId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
