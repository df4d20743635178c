import type { App } from '#server/app.ts';
import type { Turn, TurnEvent } from '#server/turns/contract.ts';
import { followEvents } from '#server/turns/follow-events.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

const KEEP_ALIVE_MS = 15_000;

type FollowApp = Parameters<typeof stopTurn>[0];

export type FollowTurn = {
  turnId: string;
  /** Aborts when the client has gone. */
  closed: AbortSignal;
  /**
   * True for a request with an idempotency key: its sender can come back for the answer. Without one nobody can, and who
   * hangs up means “stop”, as everywhere in OpenAI's protocol.
   */
  goesOnAlone: boolean;
};

/** A turn's events from the start until its end; `null` when there was nothing for a while. */
export async function* followTurn(
  app: FollowApp & Pick<App, 'hub'>,
  { turnId, closed, goesOnAlone }: FollowTurn,
): AsyncGenerator<TurnEvent | null> {
  let ended = false;
  try {
    for await (const events of followEvents(app, { turnId, after: 0, signal: closed, keepAliveMs: KEEP_ALIVE_MS })) {
      if (events === null) yield null;
      for (const { json } of events ?? []) {
        const event = JSON.parse(json) as TurnEvent;
        if (/^turn_(completed|failed|cancelled)$/.test(event.type)) ended = true;
        yield event;
      }
    }
    // Nothing more will come although no end was read: the reader has gone, or the turn ended long ago.
    ended ||= !closed.aborted;
  } finally {
    // A process that shuts down cuts its connections itself; its turns go on elsewhere.
    if (!ended && !goesOnAlone && !app.runner.draining) await stopTurn(app, { turnId });
  }
}

/** The turn as it ended, of its last event; null of any other. */
export function endOf(event: TurnEvent): Turn | null {
  switch (event.type) {
    case 'turn_completed':
    case 'turn_failed':
    case 'turn_cancelled':
      return event.data;
    default:
      return null;
  }
}
