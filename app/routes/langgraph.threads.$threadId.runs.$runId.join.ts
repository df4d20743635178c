import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZWaited } from '#server/langgraph/contract.ts';
import { getRun } from '#server/langgraph/find-runs.ts';
import { waitRun } from '#server/langgraph/wait-run.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Wait for a run’s end and get the state after it',
    query: z.object({ cancel_on_disconnect: z.string().optional() }),
    status: 200,
    response: ZWaited,
    find: ({ app, principal, params }) =>
      getRun(app, principal.user.id, { threadId: params['threadId'] ?? '', runId: params['runId'] ?? '' }),
    handle: ({ app, found, query, context }) => {
      const stopsWithClient = query.cancel_on_disconnect === '1';
      return waitRun(app, { turnId: found.turn.id, closed: context.closed, stopsWithClient });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
