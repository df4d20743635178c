import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZSearchThreads, ZThread } from '#server/langgraph/contract.ts';
import { findThreads, presentThread } from '#server/langgraph/find-threads.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Your threads without their state: each conversation’s own, and those that programs began',
    scope: 'read',
    allowSuspended: true,
    body: ZSearchThreads,
    status: 200,
    response: z.array(ZThread),
    handle: async ({ app, principal, body }) => {
      const threads = await findThreads(app, { userId: principal.user.id, search: body });
      return threads.map((thread) => presentThread(thread, null));
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
