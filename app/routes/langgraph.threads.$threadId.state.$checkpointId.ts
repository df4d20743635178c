import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZThreadState } from '#server/langgraph/contract.ts';
import { getStateAt } from '#server/langgraph/find-states.ts';
import { getThread } from '#server/langgraph/find-threads.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The thread’s state at a checkpoint',
    params: { checkpointId: z.string() },
    status: 200,
    response: ZThreadState,
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: ({ app, found, params }) => getStateAt(app, found, params['checkpointId'] ?? ''),
  }),
});
export const loader = route.loader;
export const action = route.action;
