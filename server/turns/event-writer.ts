import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'winston';
import { appendEvents, storedEvents, type Append, type NewEvent } from '#server/turns/append-events.ts';
import type { EventHub } from '#server/turns/event-hub.ts';
import type { Lease } from '#server/turns/lease.ts';

export type EventWriter = {
  /** Takes a piece of a step's text. The step's first piece goes down at once, later ones together. */
  delta(lease: Lease, stepId: string, text: string): void;
  /** Takes what waits for this turn, after what is on its way has landed; the caller appends it with its own events. */
  drain(lease: Lease): Promise<NewEvent[]>;
  /** Waits until everything has been written. */
  close(): Promise<void>;
};

/** Text goes down at the ticks of a clock that all turns share, so that they go together. */
const TICK_MS = 40;
const RETRY_MS = 250;

type Waiting = {
  lease: Lease;
  dueAt: number;
  events: { type: 'step_delta'; stepId: string; data: { text: string } }[];
};

/**
 * Writes the deltas of all turns of this process together: one statement per flush, fenced per turn, so the database
 * sees tens of writes a second and not thousands. A flush whose answer was lost is repeated; the append recognises itself.
 */
export function createEventWriter({ db, hub, log }: { db: Pool; hub: EventHub; log: Logger }): EventWriter {
  const waiting = new Map<string, Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let next = Infinity;
  let flushing: Promise<void> | null = null;
  let onItsWay = new Set<string>();

  function schedule(at: number): void {
    if (at >= next) return;
    next = at;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        next = Infinity;
        // One that is under way looks at its end for what has become due.
        flushing ??= flush();
      },
      Math.max(0, at - Date.now()),
    );
  }

  async function flush(upTo = Date.now()): Promise<void> {
    const batch = new Map([...waiting].filter(([, { lease, dueAt }]) => !lease.recording && dueAt <= upTo));
    for (const turnId of batch.keys()) waiting.delete(turnId);
    onItsWay = new Set(batch.keys());
    try {
      for (;;) {
        try {
          await write([...batch.values()]);
          return;
        } catch (error) {
          log.warn('writing deltas failed; trying again', { error });
          await sleep(RETRY_MS);
        }
      }
    } finally {
      onItsWay = new Set();
      flushing = null;
      for (const { lease, dueAt } of waiting.values()) schedule(lease.recording ? nextTick() : dueAt);
    }
  }

  async function write(turns: Waiting[]): Promise<void> {
    if (turns.length === 0) return;
    const batch: Append[] = turns.map(({ lease, events }) => ({
      turn: lease.turnId,
      lease: lease.token,
      from: lease.seq,
      events,
    }));
    const appended = await appendEvents(db, batch);
    for (const { lease, events } of turns) {
      const row = appended.get(lease.turnId);
      if (!row) {
        lease.lost();
        continue;
      }
      if (row.applied) hub.feed(lease.turnId, storedEvents(lease.turnId, lease.seq, row.at, events));
      else hub.tell(lease.turnId, row.last_seq);
      lease.seq = row.last_seq;
    }
  }

  return {
    delta(lease, stepId, text) {
      if (text === '') return;
      const entry = waiting.get(lease.turnId) ?? { lease, dueAt: nextTick(), events: [] };
      waiting.set(lease.turnId, entry);
      // One event a step, also where several speak at once: only the order within a step matters.
      const begun = entry.events.find((event) => event.stepId === stepId);
      if (begun) begun.data.text += text;
      else entry.events.push({ type: 'step_delta', stepId, data: { text } });
      if (!lease.streamed.has(stepId)) {
        lease.streamed.add(stepId);
        entry.dueAt = Date.now();
      }
      schedule(entry.dueAt);
    },
    async drain(lease) {
      while (flushing !== null && onItsWay.has(lease.turnId)) await flushing;
      const entry = waiting.get(lease.turnId);
      waiting.delete(lease.turnId);
      return entry?.events ?? [];
    },
    async close() {
      while (flushing !== null || waiting.size > 0) {
        if (flushing === null) {
          clearTimeout(timer);
          flushing = flush(Infinity);
        }
        await flushing;
        // What is left belongs to turns that are recording, which takes them along.
        if (waiting.size > 0) await sleep(TICK_MS);
      }
    },
  };
}

function nextTick(): number {
  return (Math.floor(Date.now() / TICK_MS) + 1) * TICK_MS;
}
