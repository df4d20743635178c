import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZCreateRun, ZStreamPart } from '#server/langgraph/contract.ts';
import { getThread } from '#server/langgraph/find-threads.ts';
import { RUN_ERRORS, startRun } from '#server/langgraph/start-run.ts';
import { readModes, streamRun } from '#server/langgraph/stream-run.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Send a message in a thread and stream what comes of it',
    body: ZCreateRun,
    headers: ZIdempotencyHeader,
    status: 200,
    response: null,
    produces: { 'text/event-stream': ZStreamPart },
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
      return streamRun(app, {
        threadId: thread.id,
        turn,
        modes: readModes(body.stream_mode),
        lastEventId: null,
        closed: context.closed,
        stopsWithClient: body.on_disconnect === 'cancel',
        mayStillRead: () => app.stillSignedIn(principal),
      });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
