import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZHistoryQuery, ZThreadState } from '#server/langgraph/contract.ts';
import { findStates } from '#server/langgraph/find-states.ts';
import { getThread } from '#server/langgraph/find-threads.ts';

export const route = apiRoute({
  POST: operation({
    summary:
      'The thread’s states, newest first: what was asked, what came of it, and what stands beside it on other branches',
    scope: 'read',
    allowSuspended: true,
    body: ZHistoryQuery,
    status: 200,
    response: z.array(ZThreadState),
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: ({ app, found, body }) => findStates(app, found, body),
  }),
});
export const loader = route.loader;
export const action = route.action;
