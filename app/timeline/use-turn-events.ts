import { startTransition, useEffect, useRef, useState } from 'react';
import type { TurnEvent } from '#server/turns/contract.ts';
import { readEvents, StreamRefused } from '#app/timeline/read-events.ts';
import { endsTurn } from '#app/timeline/reduce.ts';

export type Connection = 'idle' | 'live' | 'reconnecting' | 'offline';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** Two keep-alives missed: the connection is dead though nobody said so (a laptop that slept). */
const SILENCE_MS = 35_000;

type Options = {
  /** The turn to follow, or null. One stream a page: browsers allow six connections to a host over HTTP/1.1. */
  turnId: string | null;
  /** The last event that the page has applied. */
  seqOf: (turnId: string) => number;
  onEvents: (events: TurnEvent[]) => void;
  /** The stream is not for us any more: signed out, suspended, deleted. */
  onRefused: () => void;
};

/**
 * Follows a turn while it runs, resuming after the last event that was applied, with growing pauses while the server
 * can’t be reached. Events are handed over once per animation frame, and not before the last ones are drawn: a slow device
 * draws a hundred deltas a second in fewer steps, each in slices between which it answers to its reader.
 */
export function useTurnEvents({ turnId, seqOf, onEvents, onRefused }: Options): Connection {
  const latest = useRef({ seqOf, onEvents, onRefused });
  useEffect(() => {
    latest.current = { seqOf, onEvents, onRefused };
  });
  const [state, setState] = useState<Connection>('live');
  const drawn = useRef(() => {});
  useEffect(() => drawn.current());

  useEffect(() => {
    if (turnId === null) return;
    const batch = createFrameBatch((events) => startTransition(() => latest.current.onEvents(events)));
    drawn.current = batch.drawn;
    const stop = follow(turnId, {
      after: () => Math.max(latest.current.seqOf(turnId), batch.lastSeq()),
      onEvent: batch.add,
      onState: setState,
      onRefused: () => latest.current.onRefused(),
    });
    return () => {
      stop();
      batch.flush();
      setState('live');
    };
  }, [turnId]);

  return turnId === null ? 'idle' : state;
}

type Follow = {
  after: () => number;
  onEvent: (event: TurnEvent) => void;
  onState: (state: Connection) => void;
  onRefused: () => void;
};

function follow(turnId: string, { after, onEvent, onState, onRefused }: Follow): () => void {
  const stopped = new AbortController();
  let pause = FIRST_RETRY_MS;
  let wake = () => {};

  /** One connection, to its end. True when nothing more will come. */
  async function read(): Promise<boolean> {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), SILENCE_MS);
    const onAlive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENCE_MS);
    };
    const seen = { end: false };
    try {
      await readEvents({
        turnId,
        after: after(),
        signal: AbortSignal.any([stopped.signal, silent.signal]),
        onAlive,
        onOpen: () => {
          onAlive();
          onState('live');
        },
        onEvent: (event) => {
          pause = FIRST_RETRY_MS;
          seen.end ||= endsTurn(event);
          onEvent(event);
        },
      });
      return seen.end;
    } catch (error) {
      if (error instanceof StreamRefused) onRefused();
      return seen.end || error instanceof StreamRefused;
    } finally {
      clearTimeout(timer);
    }
  }

  async function run(): Promise<void> {
    while (!(await read()) && !stopped.signal.aborted) {
      onState(navigator.onLine ? 'reconnecting' : 'offline');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause * (0.75 + Math.random() / 2));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      pause = Math.min(pause * 2, LONGEST_RETRY_MS);
    }
  }

  const hurry = () => wake();
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  void run();
  return () => {
    stopped.abort();
    wake();
    window.removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', hurry);
  };
}

/**
 * Collects events and hands them over in the next frame, or when those before them are `drawn`; without a frame when the page
 * is hidden, where frames don’t come.
 */
function createFrameBatch(deliver: (events: TurnEvent[]) => void) {
  let waiting: TurnEvent[] = [];
  let frame = 0;
  let drawing = false;
  const flush = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    const events = waiting;
    waiting = [];
    drawing = events.length > 0;
    if (drawing) deliver(events);
  };
  const plan = () => {
    if (drawing || waiting.length === 0) return;
    if (document.hidden) flush();
    else if (frame === 0) frame = requestAnimationFrame(flush);
  };
  return {
    add: (event: TurnEvent) => {
      waiting.push(event);
      plan();
    },
    drawn: () => {
      drawing = false;
      plan();
    },
    lastSeq: () => waiting.at(-1)?.seq ?? 0,
    flush,
  };
}
