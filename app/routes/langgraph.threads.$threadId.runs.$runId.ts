import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZRun } from '#server/langgraph/contract.ts';
import { getRun } from '#server/langgraph/find-runs.ts';
import { presentRun } from '#server/langgraph/present-run.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A run: the turn of this id',
    status: 200,
    response: ZRun,
    find: ({ app, principal, params }) =>
      getRun(app, principal.user.id, { threadId: params['threadId'] ?? '', runId: params['runId'] ?? '' }),
    handle: ({ found }) => Promise.resolve(presentRun(found.thread.id, found.turn)),
  }),
});
export const loader = route.loader;
export const action = route.action;
