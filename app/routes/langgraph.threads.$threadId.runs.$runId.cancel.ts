import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { getRun } from '#server/langgraph/find-runs.ts';
import { cancelRun } from '#server/langgraph/wait-run.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Stop a run; `rollback` stops it too, and leaves what was said to be deleted',
    query: z.object({ wait: z.string().optional(), action: z.enum(['interrupt', 'rollback']).optional() }),
    status: 202,
    response: null,
    find: ({ app, principal, params }) =>
      getRun(app, principal.user.id, { threadId: params['threadId'] ?? '', runId: params['runId'] ?? '' }),
    handle: async ({ app, found, query, context }) => {
      const wait = query.wait === '1' || query.wait === 'true';
      await cancelRun(app, { turnId: found.turn.id, wait, closed: context.closed });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
