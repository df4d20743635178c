import type { App } from '#server/app.ts';
import { isConnectionError } from '#server/platform/db.ts';
import { storable, storedEvents, type NewEvent } from '#server/turns/append-events.ts';
import { changesAsArguments, creditsOf, joinChanges, type Changes } from '#server/turns/changes.ts';
import { LeaseLost, type Held } from '#server/turns/lease.ts';
import { endRun, INTERNAL, type JournalRow, type Run } from '#server/turns/run.ts';

export type RecordApp = Pick<App, 'db' | 'hub' | 'writer' | 'log'>;
/** `from`: the last event before them; `credits`: what their record charges. */
type Events = NewEvent[] | ((from: number, credits: bigint) => NewEvent[]);

const GIVE_UP_AFTER_MS = 60_000;
/** What is held back for the next record waits for it no longer than this. */
const HOLD_BACK_MS = 40;

/**
 * Records with what is recorded next: the start of the next step, say, which follows within a few milliseconds, or the
 * turn's end. Every record of this turn is later than this one, so whatever is committed, this is. If it can't be recorded,
 * `undo` is called and the record that carried it fails.
 */
export function recordWithNext(app: RecordApp, run: Run, held: Held): void {
  const { lease } = run;
  // Charged when it is recorded; until then nobody else may have it.
  run.promised += creditsOf(held.changes);
  lease.held.push(held);
  setTimeout(() => {
    if (!lease.held.includes(held)) return;
    record(app, run, []).catch((error: unknown) => {
      if (error instanceof LeaseLost) return;
      app.log.error('a turn could not be recorded', { turnId: lease.turnId, error });
      endRun(run, { reason: 'limit', ...INTERNAL });
    });
  }, HOLD_BACK_MS);
}

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
  checkpoint_error: string | null;
};

async function recordNow(app: RecordApp, run: Run, events: Events, changes: Changes): Promise<void> {
  const { lease } = run;
  // Taken first: text of a step whose end is held back was handed to the writer before.
  const held = lease.held;
  lease.held = [];
  try {
    const waiting = [...(await app.writer.drain(lease)), ...held.flatMap((part) => part.events)];
    const joined = joinChanges([...held.map((part) => part.changes), changes]);
    const from = lease.seq + waiting.length;
    const own = typeof events === 'function' ? events(from, creditsOf(joined)) : events;
    await write(app, run, [...waiting, ...own], joined);
  } catch (error) {
    for (const { undo } of held) undo?.();
    throw error;
  } finally {
    for (const part of held) run.promised -= creditsOf(part.changes);
  }
}

const RECORD = `
  SELECT last_seq, applied, at::timestamptz(3) AS at, reserved, charged, others_wait, checkpoint_error
  FROM record_turn($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, false)`;

async function write(app: RecordApp, run: Run, all: NewEvent[], changes: Changes): Promise<void> {
  const { lease } = run;
  const values = [lease.turnId, lease.token, lease.seq, storable(all), ...changesAsArguments(changes)];
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { rows } = await app.db.query<Recorded>({
        name: 'record-turn',
        text: RECORD,
        values,
      });
      const row = rows[0];
      if (!row) {
        lease.lost();
        throw new LeaseLost();
      }
      // A repeated append's events have the first one's time, which only the table knows.
      if (row.applied) app.hub.feed(lease.turnId, storedEvents(lease.turnId, lease.seq, row.at, all));
      else app.hub.tell(lease.turnId, row.last_seq);
      lease.seq = row.last_seq;
      run.turn.reserved_micro_credits = row.reserved;
      run.turn.charged_micro_credits = row.charged;
      run.othersWait = row.others_wait;
      // Nothing depends on it but who looks into the turn.
      if (row.checkpoint_error !== null) {
        app.log.warn('a checkpoint was not kept', { turnId: lease.turnId, reason: row.checkpoint_error });
      }
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
