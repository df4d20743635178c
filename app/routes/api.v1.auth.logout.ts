import { clearedSessionCookie } from '#server/auth/session-cookie.ts';
import { signOut } from '#server/auth/sign-out.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Ends the session on the server.',
    scope: 'read',
    allowSuspended: true,
    status: 204,
    response: null,
    async handle({ app, principal }) {
      await signOut(app, principal);
      return new Reply(null, { headers: { 'Set-Cookie': await clearedSessionCookie(app) } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
