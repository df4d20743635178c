import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZThreadState } from '#server/langgraph/contract.ts';
import { getState } from '#server/langgraph/find-states.ts';
import { getThread } from '#server/langgraph/find-threads.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The thread’s state now',
    status: 200,
    response: ZThreadState,
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: ({ app, found }) => getState(app, found),
  }),
});
export const loader = route.loader;
export const action = route.action;
