import { z } from 'zod';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { ZCreateRun, ZFindRuns, ZRun } from '#server/langgraph/contract.ts';
import { findRuns } from '#server/langgraph/find-runs.ts';
import { getThread } from '#server/langgraph/find-threads.ts';
import { presentRun, runLocation } from '#server/langgraph/present-run.ts';
import { RUN_ERRORS, startRun } from '#server/langgraph/start-run.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The runs of a thread, the newest first',
    query: ZFindRuns,
    status: 200,
    response: z.array(ZRun),
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: ({ app, found, query }) => findRuns(app, found, query),
  }),
  POST: operation({
    summary: 'Send a message in a thread and go on: the run is a turn of the assistant’s room',
    body: ZCreateRun,
    headers: ZIdempotencyHeader,
    status: 200,
    response: ZRun,
    errors: RUN_ERRORS,
    find: ({ app, principal, params }) => getThread(app, principal.user.id, params['threadId'] ?? ''),
    handle: async ({ app, principal, found, body, request, context }) => {
      const { turn, thread } = await startRun(app, {
        principal,
        thread: found,
        request: body,
        idempotencyKey: readIdempotencyKey(request),
        requestId: context.requestId,
      });
      const location = runLocation(thread.id, turn.id);
      return new Reply(presentRun(thread.id, turn), { headers: { 'Content-Location': location } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
