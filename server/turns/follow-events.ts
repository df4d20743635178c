import type { App } from '#server/app.ts';
import { isTerminal, type EventType } from '#server/turns/contract.ts';
import type { StoredEvent } from '#server/turns/event-hub.ts';

const PAGE = 500;

/** `null` in the stream means: nothing for a while, keep the connection alive. */
export type FollowOptions = {
  turnId: string;
  /** The last sequence number that the reader has. */
  after: number;
  signal: AbortSignal;
  keepAliveMs: number;
};

/**
 * A turn's events after a point: what is in the log, then what comes, until the turn has ended. No gap and no duplicate,
 * whichever process runs the turn: hints only wake this up, and what it yields is contiguous by sequence number.
 * Pull-driven, so a slow reader holds one page at most. What is there at once comes at once.
 */
export async function* followEvents(
  app: Pick<App, 'db' | 'hub'>,
  { turnId, after, signal, keepAliveMs }: FollowOptions,
): AsyncGenerator<StoredEvent[] | null> {
  const unfollow = app.hub.follow(turnId);
  try {
    let cursor = after;
    let greeted = false;
    let looked = false;
    let asked = false;
    while (!signal.aborted) {
      const known = app.hub.recent(turnId, cursor);
      // Before the first look into the table nobody has told the hub anything.
      const events = known !== null && (known.length > 0 || looked) ? known : await readEvents(app, turnId, cursor);
      looked = true;
      const last = events.at(-1);
      if (last) {
        yield events;
        cursor = last.seq;
        if (isTerminal(last.type)) return;
        continue;
      }
      if (!asked && !app.hub.expects(turnId)) {
        if (await hasEnded(app, turnId, cursor)) return;
        asked = true;
      }
      // A reader that finds nothing yet must still see that it is connected.
      if (cursor === after && !greeted) yield null;
      greeted = true;
      await app.hub.wait(turnId, cursor, keepAliveMs, signal);
      const newer = app.hub.recent(turnId, cursor);
      if (newer !== null && newer.length === 0) {
        asked = false;
        yield null;
      }
    }
  } finally {
    unfollow();
  }
}

/** True when the turn is over and the reader is at or beyond its last event: nothing more will come. */
async function hasEnded(app: Pick<App, 'db'>, turnId: string, cursor: number): Promise<boolean> {
  const { rows } = await app.db.query<{ ended: boolean }>({
    name: 'turn-has-ended',
    text: `SELECT status NOT IN ('queued', 'running') AND last_seq <= $2 AS ended FROM turns WHERE id = $1`,
    values: [turnId, cursor],
  });
  return rows[0]?.ended ?? true;
}

async function readEvents(app: Pick<App, 'db'>, turnId: string, cursor: number): Promise<StoredEvent[]> {
  const { rows } = await app.db.query<{ seq: number; type: EventType; step_id: string | null; at: Date; data: string }>(
    {
      name: 'read-events',
      text: `SELECT seq, type, step_id, at, data::text AS data FROM turn_events
           WHERE turn_id = $1 AND seq > $2 ORDER BY seq LIMIT ${PAGE}`,
      values: [turnId, cursor],
    },
  );
  return rows.map(({ seq, type, step_id, at, data }) => ({
    seq,
    type,
    json:
      `{"seq":${seq},"type":"${type}","turnId":"${turnId}",` +
      `${step_id === null ? '' : `"stepId":"${step_id}",`}"at":"${at.toISOString()}","data":${data}}`,
  }));
}
