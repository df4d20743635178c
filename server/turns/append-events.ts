import type { Pool } from 'pg';
import type { Tx } from '#server/platform/db.ts';
import type { EventType } from '#server/turns/contract.ts';
import type { StoredEvent } from '#server/turns/event-hub.ts';

/** An event before it has a place in the log. */
export type NewEvent = { type: EventType; stepId?: string; data: unknown };

export type Append = { turn: string; lease: string | null; from: number; events: NewEvent[] };

export type Appended = { turn_id: string; last_seq: number; applied: boolean; at: Date };

/**
 * Appends events to one or several turns in one statement; see the function in
 * prisma/migrations/0044_news_after_the_commit. `notify` tells every process with the commit; else whoever follows them
 * elsewhere is the caller's to tell. A turn missing from the answer has another holder. `applied: false`: this very append
 * was committed before.
 */
export async function appendEvents(
  db: Pool | Tx,
  batch: Append[],
  { notify = false } = {},
): Promise<Map<string, Appended>> {
  const ordered = batch.toSorted((a, b) => (a.turn < b.turn ? -1 : 1));
  const { rows } = await db.query<Appended>({
    name: 'append-turn-events',
    // As precise as the table keeps it: what is read later must be what was fed live.
    text: 'SELECT turn_id, last_seq, applied, at::timestamptz(3) AS at FROM append_turn_events($1::json, $2)',
    values: [storable(ordered), notify],
  });
  return new Map(rows.map((row) => [row.turn_id, row]));
}

/** The wire form of events that were appended after `from`. */
export function storedEvents(turnId: string, from: number, at: Date, events: NewEvent[]): StoredEvent[] {
  return events.map(({ type, stepId, data }, place) => {
    const seq = from + 1 + place;
    const envelope = { seq, type, turnId, ...(stepId ? { stepId } : {}), at: at.toISOString(), data };
    return { seq, type, json: storable(envelope) };
  });
}

/**
 * JSON that Postgres can keep: it refuses NUL and lone surrogates, which text from outside may hold. Both come out of
 * JSON.stringify escaped, which is found quicker than each text is looked at.
 */
export function storable(value: unknown): string {
  const json = JSON.stringify(value);
  if (!UNSTORABLE.test(json)) return json;
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? storableText(item) : item));
}

const UNSTORABLE = /\\u(?:0000|d[89a-f])/;

/** A row as JSON can say it, which knows no bigint. */
export function withoutBigints(row: object): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...row };
  for (const name in copy) if (typeof copy[name] === 'bigint') copy[name] = String(copy[name]);
  return copy;
}

export function storableText(text: string): string {
  return (text.includes('\u0000') ? text.replaceAll('\u0000', '') : text).toWellFormed();
}
