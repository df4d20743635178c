import { createParser } from 'eventsource-parser';
import type { TurnEvent } from '#server/turns/contract.ts';

type ReadEvents = {
  turnId: string;
  /** The last sequence number that the page has. */
  after: number;
  signal: AbortSignal;
  onOpen: () => void;
  /** Something came, if only a keep-alive: the connection lives. */
  onAlive: () => void;
  onEvent: (event: TurnEvent) => void;
};

/** The server says that this stream is not for us (any more): asking again is of no use. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';
}

/** Reads a turn’s events until the server closes the stream. Throws when the connection breaks or is refused. */
export async function readEvents({ turnId, after, signal, onOpen, onAlive, onEvent }: ReadEvents): Promise<void> {
  const response = await fetch(`/api/v1/turns/${turnId}/events`, {
    headers: { Accept: 'text/event-stream', 'Last-Event-ID': String(after) },
    credentials: 'same-origin',
    cache: 'no-store',
    signal,
  });
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    throw new StreamRefused(`The stream was refused with ${response.status}.`);
  }
  if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}.`);
  onOpen();
  // Piped through streams a hundred events a second would keep a phone busy with their promises.
  const decoder = new TextDecoder();
  const parser = createParser({ onEvent: ({ data }) => onEvent(JSON.parse(data) as TurnEvent) });
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onAlive();
    parser.feed(decoder.decode(value, { stream: true }));
  }
}
