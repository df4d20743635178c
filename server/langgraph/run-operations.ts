import { operation, Reply, type AnyOperation, type Call } from '#server/http/api-route.ts';
import { ZCreateRun, ZRun, ZStreamPart, ZWaited, type CreateRun } from '#server/langgraph/contract.ts';
import { getThread, type ThreadRow } from '#server/langgraph/find-threads.ts';
import { presentRun, runLocation } from '#server/langgraph/present-run.ts';
import { RUN_ERRORS, startRun } from '#server/langgraph/start-run.ts';
import { readModes, streamRun } from '#server/langgraph/stream-run.ts';
import { waitRun } from '#server/langgraph/wait-run.ts';
import type { Turn } from '#server/turns/contract.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

/** Where a message is sent: the thread that the address names, or one that the run begins. */
type Place = 'a thread' | 'a thread of its own';
type Asked = Call<CreateRun, undefined, ThreadRow | null>;
type Begun = { turn: Turn; thread: ThreadRow };

export function createRun(place: Place): AnyOperation {
  return send(
    `Send a message in ${place} and go on: the run is a turn of the assistant’s room`,
    place,
    { response: ZRun },
    (_, { turn, thread }) => Promise.resolve(located(presentRun(thread.id, turn), { turn, thread })),
  );
}

export function createAndWait(place: Place): AnyOperation {
  return send(
    `Send a message in ${place} and wait for the state after it`,
    place,
    { response: ZWaited },
    async ({ app, body, context }, begun) => {
      const stopsWithClient = body.on_disconnect === 'cancel';
      return located(await waitRun(app, { turnId: begun.turn.id, closed: context.closed, stopsWithClient }), begun);
    },
  );
}

export function createAndStream(place: Place): AnyOperation {
  return send(
    `Send a message in ${place} and stream what comes of it`,
    place,
    { response: null, produces: { 'text/event-stream': ZStreamPart } },
    ({ app, principal, body, context }, { turn, thread }) =>
      streamRun(app, {
        threadId: thread.id,
        turn,
        modes: readModes(body.stream_mode),
        lastEventId: null,
        closed: context.closed,
        stopsWithClient: body.on_disconnect === 'cancel',
        mayStillRead: () => app.stillSignedIn(principal),
      }),
  );
}

function send(
  summary: string,
  place: Place,
  answers: Pick<AnyOperation, 'response' | 'produces'>,
  answer: (asked: Asked, begun: Begun) => Promise<unknown>,
): AnyOperation {
  return operation<CreateRun, undefined, ThreadRow | null>({
    summary,
    body: ZCreateRun,
    headers: ZIdempotencyHeader,
    status: 200,
    ...answers,
    errors: RUN_ERRORS,
    find: ({ app, principal, params }) =>
      place === 'a thread' ? getThread(app, principal.user.id, params['threadId'] ?? '') : Promise.resolve(null),
    handle: async (asked) => {
      const { app, principal, found, body, request, context } = asked;
      const begun = await startRun(app, {
        principal,
        thread: found,
        request: body,
        idempotencyKey: readIdempotencyKey(request),
        requestId: context.requestId,
      });
      return answer(asked, begun);
    },
  });
}

function located(body: unknown, { turn, thread }: Begun): Reply {
  return new Reply(body, { headers: { 'Content-Location': runLocation(thread.id, turn.id) } });
}
