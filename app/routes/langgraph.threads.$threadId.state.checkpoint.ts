import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZStateQuery, ZThreadState } from '#server/langgraph/contract.ts';
import { getState, getStateAt } from '#server/langgraph/find-states.ts';
import { getThread } from '#server/langgraph/find-threads.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'The thread’s state at a checkpoint',
    scope: 'read',
    allowSuspended: true,
    body: ZStateQuery,
    status: 200,
    response: ZThreadState,
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: ({ app, found, body }) => {
      const id = body.checkpoint.checkpoint_id;
      return id ? getStateAt(app, found, id) : getState(app, found);
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
