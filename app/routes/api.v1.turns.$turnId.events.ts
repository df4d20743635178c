import { z } from 'zod';
import { getOwnedTurnId } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZTurnEvent } from '#server/turns/contract.ts';
import { eventsResponse } from '#server/turns/events-response.ts';
import { readCursor } from '#server/turns/read-cursor.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The turn’s events after a point, then as they come, until it has ended: SSE or NDJSON',
    query: z.object({ after: z.string().optional() }),
    status: 200,
    response: null,
    produces: { 'text/event-stream': ZTurnEvent, 'application/x-ndjson': ZTurnEvent },
    headers: z.object({ 'Last-Event-ID': z.string().optional(), Accept: z.string().optional() }),
    find: ({ app, principal, params }) => getOwnedTurnId(app, principal.user.id, params['turnId'] ?? ''),
    handle: async ({ app, principal, found, query, request, context }) =>
      eventsResponse(app, {
        turnId: found.id,
        after: readCursor(query.after, request.headers.get('Last-Event-ID')),
        accept: request.headers.get('Accept'),
        closed: context.closed,
        mayStillRead: () => app.stillSignedIn(principal),
      }),
  }),
});

export const loader = route.loader;
export const action = route.action;
