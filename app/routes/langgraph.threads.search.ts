import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZSearchThreads, ZThread } from '#server/langgraph/contract.ts';
import { findThreads, presentThread } from '#server/langgraph/find-threads.ts';
import { stateOf } from '#server/langgraph/present-state.ts';
import { readInOrder } from '#server/langgraph/read-line.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Your threads, each with its newest turn: each conversation’s own, and those that programs began',
    scope: 'read',
    allowSuspended: true,
    body: ZSearchThreads,
    status: 200,
    response: z.array(ZThread),
    handle: async ({ app, principal, body }) => {
      const threads = await findThreads(app, { userId: principal.user.id, search: body });
      const heads = await readInOrder(
        app,
        threads.flatMap(({ headTurnId }) => headTurnId ?? []),
      );
      return threads.map((thread) => {
        const head = heads.find(({ id }) => id === thread.headTurnId);
        return presentThread(thread, head ? stateOf([head]) : null);
      });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
