import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZStreamPart } from '#server/langgraph/contract.ts';
import { getRun } from '#server/langgraph/find-runs.ts';
import { JOIN_MODES, readModes, streamRun } from '#server/langgraph/stream-run.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A run’s stream from its start, or after the part that `Last-Event-ID` names',
    query: z.object({
      stream_mode: z.string().optional().describe('May be given several times.'),
      cancel_on_disconnect: z.string().optional(),
    }),
    headers: z.object({ 'Last-Event-ID': z.string().optional() }),
    status: 200,
    response: null,
    produces: { 'text/event-stream': ZStreamPart },
    find: ({ app, principal, params }) =>
      getRun(app, principal.user.id, { threadId: params['threadId'] ?? '', runId: params['runId'] ?? '' }),
    handle: ({ app, principal, found, query, request, context }) => {
      const asked = new URL(request.url).searchParams.getAll('stream_mode').flatMap((mode) => mode.split(','));
      return streamRun(app, {
        threadId: found.thread.id,
        turn: found.turn,
        modes: asked.length === 0 ? JOIN_MODES : readModes(asked),
        lastEventId: request.headers.get('Last-Event-ID'),
        closed: context.closed,
        stopsWithClient: query.cancel_on_disconnect === '1',
        mayStillRead: () => app.stillSignedIn(principal),
      });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
