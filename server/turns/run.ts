import type { StepResult } from '#graphs/ports.ts';
import type { Trace } from '#server/platform/tracing.ts';
import type { Lease } from '#server/turns/lease.ts';
import type { Citation, Problem, ToolCall } from '#server/turns/contract.ts';
import type { StepRow, TurnRow } from '#server/turns/rows.ts';

/** An outcome that the journal holds of a call of this turn, or the intent of one that has none. */
export type JournalRow = {
  id: string;
  step_key: string;
  call_no: number;
  attempt: number;
  kind: 'model' | 'tool';
  /** Null while all that is known of the call is that it comes first: its intent went down with the message. */
  request_hash: string | null;
  /** The provider's id of the model, or the tool's name. */
  model: string;
  status: 'intent' | 'ok' | 'failed' | 'cancelled' | 'lost';
  response: JournaledReply | null;
};
export type JournaledReply = {
  text: string;
  toolCalls: { id: string; name: string; arguments: string }[];
  /** What a tool's call came to, as the timeline shows it; `text` is then what the model read. */
  tool?: ToolCall;
};

/** Why a run is over before its graph is. */
export type RunEnd =
  | { reason: 'stopped' }
  /** Another process holds the turn: write nothing more. */
  | { reason: 'lost' }
  /** This process is shutting down: leave the turn to another. */
  | { reason: 'handover' }
  /** A cap, or credits that don't reach further. */
  | { reason: 'limit'; code: string; message: string };

/**
 * Calls that went down with the message as the first of their steps, by the step's key, and are not made yet. Until then, by
 * this process's clock, nobody else can have taken the turn.
 */
export type BegunCalls = { intents: Map<string, JournalRow>; until: number };

/** One process's work on one claimed turn. The rows in memory are what the database holds, since only this run writes them. */
export type Run = {
  turn: TurnRow;
  message: string;
  /** How long the turn had run, by the database's clock, when this process claimed it. */
  elapsedMs: number;
  lease: Lease;
  /** By key. */
  steps: Map<string, StepRow>;
  journal: JournalRow[];
  begun: BegunCalls;
  /** Running steps by key, so that a step asked for twice runs once. */
  running: Map<string, Promise<StepResult>>;
  /** Aborts everything this run does. */
  abort: AbortController;
  /** Aborts one step, by its key: it was skipped. */
  stepAborts: Map<string, AbortController>;
  end: RunEnd | null;
  /** Whether others of the conversation waited when this turn was settled; until then nobody knows. */
  othersWait: boolean;
  calls: number;
  /** Micro-credits that calls under way may still take from the hold. */
  promised: bigint;
  toolCalls: number;
  /** Searches that were made after a file was read. */
  guardedSearches: number;
  /** The numbered sources of the turn. */
  citations: Citation[];
  /** Work started by this run that memory of the conversation needs once, by name. */
  once: Map<string, Promise<unknown>>;
  /** Of the turn, and of its running steps by key. */
  trace: Trace | null;
  stepTraces: Map<string, Trace>;
};

/** What a turn ends with when it was our fault. */
export const INTERNAL: Problem = {
  code: 'internal',
  message: 'Something went wrong on our side. Send the message again.',
};

/** Unwinds the graph: the reason is in `run.end`. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
}

/** Ends a run; the first reason stays. */
export function endRun(run: Run, end: RunEnd): void {
  run.end ??= end;
  run.abort.abort(new RunEnded(end.reason));
}

/** Throws when the run is over; nodes let it pass. */
export function assertRunning(run: Run): void {
  if (run.end) throw new RunEnded(run.end.reason);
}
