import type { NewEvent } from '#server/turns/append-events.ts';
import type { Changes } from '#server/turns/changes.ts';

/**
 * The right to write for a turn, held by one process at a time. `seq` is the last event known to be committed;
 * only the holder appends, so it always knows.
 */
export type Lease = {
  readonly turnId: string;
  readonly token: string;
  seq: number;
  /** What goes down with the next record: nobody waits for it alone. */
  held: Held[];
  /** Steps whose first piece of text has gone down. */
  readonly streamed: Set<string>;
  /** Settles when the write before has; writes of one lease follow each other. */
  tail: Promise<unknown>;
  /** True while a transaction holds the next sequence number; deltas wait for it. */
  recording: boolean;
  /** Called once when the database says that another process holds the turn now, or that it has ended. */
  lost: () => void;
};

/** Part of a record to come. `undo` is called when it could not be recorded. */
export type Held = { events: NewEvent[]; changes: Changes; undo?: () => void };

export function createLease(options: { turnId: string; token: string; seq: number; lost: () => void }): Lease {
  return { ...options, held: [], streamed: new Set(), tail: Promise.resolve(), recording: false };
}

/** Unwinds a run whose turn another process holds now. It must write nothing more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor() {
    super('Another process holds this turn now.');
  }
}

/** Milliseconds after which a lease that wasn't renewed may be claimed by anyone. */
export const LEASE_MS = 10_000;
export const RENEW_EVERY_MS = 3_000;
