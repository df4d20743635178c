import type { App } from '#server/app.ts';
import { STREAM_MODES, type StreamMode } from '#server/langgraph/contract.ts';
import { runLocation } from '#server/langgraph/present-run.ts';
import { readLine } from '#server/langgraph/read-line.ts';
import { writeParts } from '#server/langgraph/write-parts.ts';
import { AppError } from '#server/platform/errors.ts';
import type { Turn, TurnEvent } from '#server/turns/contract.ts';
import { eventsResponse } from '#server/turns/events-response.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

type StreamApp = Parameters<typeof eventsResponse>[0] & Parameters<typeof stopTurn>[0] & Pick<App, 'db'>;

export type StreamRun = {
  threadId: string;
  turn: Turn;
  modes: readonly StreamMode[];
  /** The header `Last-Event-ID`: the part to go on after. */
  lastEventId: string | null;
  closed: AbortSignal;
  stopsWithClient: boolean;
  mayStillRead: () => Promise<boolean>;
};

/**
 * A run as LangGraph's stream of parts: all of it, or what comes after a part. A part's id is its event's number and its place
 * among the parts of that event.
 */
export async function streamRun(app: StreamApp, options: StreamRun): Promise<Response> {
  const { threadId, turn, modes, closed, mayStillRead, stopsWithClient } = options;
  const after = readPosition(options.lastEventId);
  const before = await readLine(app, turn.parentTurnId);
  const partsOf = writeParts({ threadId, turn, before, modes });
  const response = eventsResponse(app, {
    turnId: turn.id,
    // From the start: what a part says depends on the events before it.
    after: 0,
    accept: null,
    closed,
    mayStillRead,
    write: ({ seq, json }) =>
      partsOf(JSON.parse(json) as TurnEvent)
        .map(({ event, data }, place) =>
          seq > after.seq || (seq === after.seq && place > after.place)
            ? `id: ${seq}.${place}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
            : '',
        )
        .join(''),
    ...(stopsWithClient ? { left: () => leave(app, turn.id) } : {}),
  });
  const location = runLocation(threadId, turn.id);
  response.headers.set('Content-Location', location);
  // Where the SDK reconnects by itself; it repeats none of the request's parameters.
  response.headers.set('Location', `${location}/stream?${modes.map((mode) => `stream_mode=${mode}`).join('&')}`);
  return response;
}

/** A process that shuts down cuts its connections itself; its turns go on elsewhere. */
async function leave(app: StreamApp, turnId: string): Promise<void> {
  if (!app.runner.draining) await stopTurn(app, { turnId });
}

/** Of a reader who joins and says none: what a page that is loaded again wants to see. */
export const JOIN_MODES: readonly StreamMode[] = ['values', 'messages-tuple', 'updates', 'custom', 'tools'];

/** The modes that were asked for, of those that tell something; `values` unless others were. */
export function readModes(given: string | readonly string[] | null | undefined): StreamMode[] {
  const asked = typeof given === 'string' ? [given] : (given ?? []);
  const known = STREAM_MODES.filter((mode) => asked.includes(mode));
  return asked.length === 0 ? ['values'] : known;
}

/** `<event>.<part>` as we gave it; `-1` and nothing mean from the start. */
function readPosition(id: string | null): { seq: number; place: number } {
  if (id === null || id === '' || id === '-1') return { seq: 0, place: -1 };
  const [, seq, place] = /^(\d{1,9})\.(\d{1,9})$/.exec(id) ?? [];
  if (seq === undefined) {
    const message = 'The last event’s id is not one of this stream’s.';
    throw new AppError('invalid_query', message, { errors: [{ path: 'Last-Event-ID', message }] });
  }
  return { seq: Number(seq), place: Number(place) };
}
