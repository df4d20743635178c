import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZCreateThread, ZThread } from '#server/langgraph/contract.ts';
import { createThread } from '#server/langgraph/create-thread.ts';
import { presentThread } from '#server/langgraph/find-threads.ts';
import { NOTHING } from '#server/langgraph/present-state.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'A new thread; its first run says which assistant’s it is',
    body: ZCreateThread,
    status: 200,
    response: ZThread,
    errors: ['conflict'],
    handle: async ({ app, principal, body }) =>
      presentThread(await createThread(app, { userId: principal.user.id, request: body }), NOTHING),
  }),
});
export const loader = route.loader;
export const action = route.action;
