import { z } from 'zod';
import { ZSession } from '#server/auth/contract.ts';
import { findSessions } from '#server/auth/find-sessions.ts';
import { signOutElsewhere } from '#server/auth/sign-out-elsewhere.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Where the caller is signed in, the newest sign-in first.',
    query: ZPageQuery,
    status: 200,
    response: pageOf(ZSession),
    handle: ({ app, principal, query }) =>
      findSessions(app, { userId: principal.user.id, sessionId: principal.sessionId, ...query }),
  }),
  DELETE: operation({
    summary: 'Signs the caller out everywhere else; with an API key, everywhere.',
    allowSuspended: true,
    status: 200,
    response: z.object({ ended: z.int() }),
    handle: ({ app, principal }) =>
      signOutElsewhere(app, { userId: principal.user.id, exceptSessionId: principal.sessionId }),
  }),
});
export const loader = route.loader;
export const action = route.action;
