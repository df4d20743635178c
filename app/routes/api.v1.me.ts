import { deleteAccount } from '#server/account/delete-account.ts';
import { clearedSessionCookie } from '#server/auth/session-cookie.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';

export const route = apiRoute({
  DELETE: operation({
    summary: 'Deletes the caller’s account; signing in within 7 days restores it, after them everything is purged.',
    allowSuspended: true,
    status: 204,
    response: null,
    errors: ['conflict'],
    handle: async ({ app, principal, context }) => {
      await deleteAccount(app, { userId: principal.user.id, requestId: context.requestId });
      return new Reply(null, { headers: { 'Set-Cookie': await clearedSessionCookie(app) } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
