import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZFindRuns, ZRun } from '#server/langgraph/contract.ts';
import { findRuns } from '#server/langgraph/find-runs.ts';
import { getThread } from '#server/langgraph/find-threads.ts';
import { createRun } from '#server/langgraph/run-operations.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The runs of a thread, the newest first',
    query: ZFindRuns,
    status: 200,
    response: z.array(ZRun),
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: ({ app, found, query }) => findRuns(app, found, query),
  }),
  POST: createRun('a thread'),
});
export const loader = route.loader;
export const action = route.action;
