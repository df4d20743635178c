import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { ZCreateRun, ZWaited } from '#server/langgraph/contract.ts';
import { runLocation } from '#server/langgraph/present-run.ts';
import { getThread } from '#server/langgraph/find-threads.ts';
import { RUN_ERRORS, startRun } from '#server/langgraph/start-run.ts';
import { waitRun } from '#server/langgraph/wait-run.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Send a message in a thread and wait for the state after it',
    body: ZCreateRun,
    headers: ZIdempotencyHeader,
    status: 200,
    response: ZWaited,
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
      const stopsWithClient = body.on_disconnect === 'cancel';
      const state = await waitRun(app, { turnId: turn.id, closed: context.closed, stopsWithClient });
      return new Reply(state, { headers: { 'Content-Location': runLocation(thread.id, turn.id) } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
