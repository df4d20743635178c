import { ZCreateDirectSession, ZDirectSession } from '#server/direct/contract.ts';
import { createDirectSession } from '#server/direct/create-direct-session.ts';
import { findDirectSessions } from '#server/direct/find-direct-sessions.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { pageOf, ZDeletablePageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The caller’s direct chats, the last used first; with deleted=true those that can still be restored.',
    query: ZDeletablePageQuery,
    status: 200,
    response: pageOf(ZDirectSession),
    handle: ({ app, principal, query }) =>
      findDirectSessions(app, { userId: principal.user.id, ...query, deleted: query.deleted === 'true' }),
  }),
  POST: operation({
    summary: 'Opens a chat with one agent: a new one, or a copy of one of the caller’s room agents.',
    body: ZCreateDirectSession,
    status: 201,
    response: ZDirectSession,
    errors: ['model_not_allowed', 'not_found'],
    handle: async ({ app, principal, body }) => {
      const session = await createDirectSession(app, { user: principal.user, session: body });
      return new Reply(session, { headers: { Location: `/api/v1/direct-sessions/${session.id}` } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
