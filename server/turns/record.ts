import type { Tx } from '#server/platform/db.ts';
import type { App } from '#server/app.ts';
import { isConnectionError, transaction } from '#server/platform/db.ts';
import { appendEvents, storedEvents, type NewEvent } from '#server/turns/append-events.ts';
import { LeaseLost, type Lease } from '#server/turns/lease.ts';

const GIVE_UP_AFTER_MS = 60_000;

/**
 * The one fenced transaction: under the turn's row lock, check that this lease still holds, append what waits of the
 * turn's deltas and then `events`, and do `work`. All of it or nothing.
 *
 * A lost connection is retried; the append recognises a commit whose answer was lost, and then `work` isn't repeated.
 * (With no events there is nothing to recognise: `work` must then be harmless twice.)
 * Throws LeaseLost when another process holds the turn, or may hold it by now: the database was away for a minute.
 */
export function record(
  app: Pick<App, 'db' | 'hub' | 'writer'>,
  lease: Lease,
  events: NewEvent[] | ((from: number) => NewEvent[]),
  work: (tx: Tx) => Promise<void> = async () => {},
): Promise<void> {
  const mine = lease.tail.then(async () => {
    lease.recording = true;
    try {
      await recordNow(app, lease, events, work);
    } finally {
      lease.recording = false;
    }
  });
  lease.tail = mine.catch(() => {});
  return mine;
}

async function recordNow(
  app: Pick<App, 'db' | 'hub' | 'writer'>,
  lease: Lease,
  events: NewEvent[] | ((from: number) => NewEvent[]),
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  const deltas = await app.writer.drain(lease);
  const all = [...deltas, ...(typeof events === 'function' ? events(lease.seq + deltas.length) : events)];
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const row = await transaction(app.db, async (tx) => {
        const appended = await appendEvents(tx, [
          { turn: lease.turnId, lease: lease.token, from: lease.seq, events: all },
        ]);
        const own = appended.get(lease.turnId);
        if (own?.applied) await work(tx);
        return own;
      });
      if (!row) {
        lease.lost();
        throw new LeaseLost();
      }
      // A repeated append's events have the first one's time, which only the table knows; its NOTIFY has told readers.
      if (row.applied) app.hub.feed(lease.turnId, storedEvents(lease.turnId, lease.seq, row.at, all));
      lease.seq = row.last_seq;
      return;
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      if (Date.now() > giveUpAt) {
        // Its lease is long over. Whoever takes the turn up closes what was begun; this process no longer knows what that is.
        lease.lost();
        throw new LeaseLost();
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** attempt, 2_000)));
    }
  }
}
