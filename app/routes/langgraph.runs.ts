import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { ZCreateRun, ZRun } from '#server/langgraph/contract.ts';
import { presentRun, runLocation } from '#server/langgraph/present-run.ts';
import { RUN_ERRORS, startRun } from '#server/langgraph/start-run.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Send a message in a thread of its own and go on: the run is a turn of the assistant’s room',
    body: ZCreateRun,
    headers: ZIdempotencyHeader,
    status: 200,
    response: ZRun,
    errors: RUN_ERRORS,
    handle: async ({ app, principal, body, request, context }) => {
      const { turn, thread } = await startRun(app, {
        principal,
        thread: null,
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
