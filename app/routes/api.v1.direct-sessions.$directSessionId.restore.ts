import { getOwnedDirectSession } from '#server/auth/find-owned.ts';
import { ZDirectSession } from '#server/direct/contract.ts';
import { restoreDirectSession } from '#server/direct/restore-direct-session.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Brings a deleted direct chat back, within 7 days.',
    status: 200,
    response: ZDirectSession,
    errors: ['restore_expired'],
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? '', { deleted: 'include' }),
    handle: ({ app, principal, found }) =>
      restoreDirectSession(app, { userId: principal.user.id, directSessionId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
