import type { App } from '#server/app.ts';
import { isConnectionError } from '#server/platform/db.ts';
import { storable, storedEvents, type NewEvent } from '#server/turns/append-events.ts';
import { changesAsJson, type Changes } from '#server/turns/changes.ts';
import { LeaseLost } from '#server/turns/lease.ts';
import type { JournalRow, Run } from '#server/turns/run.ts';

type RecordApp = Pick<App, 'db' | 'hub' | 'writer'>;
type Events = NewEvent[] | ((from: number) => NewEvent[]);

const GIVE_UP_AFTER_MS = 60_000;

/**
 * The one fenced write: under the turn's row lock, check that this run's lease still holds, append what waits of the turn's
 * events and then `events`, and write `changes`. All of it or nothing, in one statement. Afterwards the run knows what the
 * database knows: its place in the log, its journal, what was charged and what is left of its hold.
 *
 * A lost connection is retried; the append recognises a commit whose answer was lost, and every change is harmless twice.
 * Throws LeaseLost when another process holds the turn, or may hold it by now: the database was away for a minute.
 */
export function record(app: RecordApp, run: Run, events: Events, changes: Changes = {}): Promise<void> {
  const { lease } = run;
  const mine = lease.tail.then(async () => {
    lease.recording = true;
    try {
      await recordNow(app, run, events, changes);
    } finally {
      lease.recording = false;
    }
  });
  lease.tail = mine.catch(() => {});
  return mine;
}

type Recorded = {
  last_seq: number;
  applied: boolean;
  at: Date;
  reserved: bigint;
  charged: bigint;
  others_wait: boolean;
};

async function recordNow(app: RecordApp, run: Run, events: Events, changes: Changes): Promise<void> {
  const { lease } = run;
  const waiting = [...lease.opening, ...(await app.writer.drain(lease))];
  lease.opening = [];
  const all = [...waiting, ...(typeof events === 'function' ? events(lease.seq + waiting.length) : events)];
  const append = storable({ turn: lease.turnId, lease: lease.token, from: lease.seq, events: all });
  const changed = changesAsJson(changes);
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { rows } = await app.db.query<Recorded>({
        name: 'record-turn',
        text: 'SELECT last_seq, applied, at::timestamptz(3) AS at, reserved, charged, others_wait FROM record_turn($1::json, $2::json)',
        values: [append, changed],
      });
      const row = rows[0];
      if (!row) {
        lease.lost();
        throw new LeaseLost();
      }
      // A repeated append's events have the first one's time, which only the table knows; its NOTIFY has told readers.
      if (row.applied) app.hub.feed(lease.turnId, storedEvents(lease.turnId, lease.seq, row.at, all));
      lease.seq = row.last_seq;
      run.turn.reserved_micro_credits = row.reserved;
      run.turn.charged_micro_credits = row.charged;
      run.othersWait = row.others_wait;
      run.journal = journalWith(run.journal, changes.journal ?? []);
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

function journalWith(known: JournalRow[], told: JournalRow[]): JournalRow[] {
  if (told.length === 0) return known;
  return [...new Map([...known, ...told].map((row) => [row.id, row])).values()];
}
