import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZThread, ZUpdateThread } from '#server/langgraph/contract.ts';
import { getState } from '#server/langgraph/find-states.ts';
import { getThread, presentThread } from '#server/langgraph/find-threads.ts';
import { deleteThread, updateThread } from '#server/langgraph/update-thread.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A thread with its state: a conversation’s own by the conversation’s id, or one that was made',
    status: 200,
    response: ZThread,
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: async ({ app, found }) => presentThread(found, (await getState(app, found)).values),
  }),
  PATCH: operation({
    summary: 'Add to a thread’s metadata',
    body: ZUpdateThread,
    status: 200,
    response: ZThread,
    errors: ['conflict'],
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: async ({ app, principal, found, body }) => {
      const userId = principal.user.id;
      const thread = await updateThread(app, { userId, thread: found, metadata: body.metadata ?? {} });
      return presentThread(thread, (await getState(app, thread)).values);
    },
  }),
  DELETE: operation({
    summary: 'Forget a thread; what was said stays in its conversation',
    status: 204,
    response: null,
    errors: ['conflict'],
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: ({ app, principal, found }) => deleteThread(app, { userId: principal.user.id, thread: found }),
  }),
});
export const loader = route.loader;
export const action = route.action;
