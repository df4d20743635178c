import { ApiError, ConnectionError } from './errors.ts';
import { isPassing, type Transport } from './transport.ts';
import type { TurnEvent } from './types.ts';

export type FollowOptions = {
  /** The last sequence number that is known already. Default 0: from the beginning. */
  after?: number;
  signal?: AbortSignal;
};

/** The server sends something at least every 15 s; a connection that is silent for longer is dead. */
const SILENCE_MS = 45_000;

/**
 * A turn’s events, each once and in order, until the turn has ended. A connection that breaks is made again where it broke
 * off; it ends with a ConnectionError only when several tries in a row brought nothing.
 */
export async function* followEvents(
  transport: Transport,
  turnId: string,
  { after = 0, signal }: FollowOptions = {},
): AsyncGenerator<TurnEvent, void, undefined> {
  let cursor = after;
  for (let inVain = 0; ;) {
    const before = cursor;
    let failure: unknown = new ConnectionError('The events end again and again before the turn does.');
    try {
      for await (const event of readOnce(transport, turnId, cursor, signal)) {
        if (event.seq <= cursor) continue;
        if (event.seq > cursor + 1) break;
        cursor = event.seq;
        yield event;
        if (/^turn_(completed|failed|cancelled)$/.test(event.type)) return;
      }
      // It ended without an end: cut off between two events, or there is nothing after the cursor since the turn is over.
      if (cursor === before && (await isOver(transport, turnId, cursor, signal))) return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error)) throw error;
      failure = error;
    }
    if (cursor !== before) {
      inVain = 0;
      continue;
    }
    if (inVain >= transport.maxRetries) throw failure;
    await transport.pause(inVain, failure instanceof ApiError ? failure.retryAfter : null, signal);
    inVain += 1;
  }
}

async function* readOnce(
  transport: Transport,
  turnId: string,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<TurnEvent> {
  const hangUp = new AbortController();
  const url = transport.url('/api/v1/turns/{turnId}/events', { turnId }, { after });
  const response = await transport.send({
    method: 'GET',
    url,
    headers: { Accept: 'application/x-ndjson' },
    signal: signal ? AbortSignal.any([signal, hangUp.signal]) : hangUp.signal,
    again: false,
  });
  try {
    if (response.body) yield* readLines(response.body, () => hangUp.abort());
  } catch (error) {
    signal?.throwIfAborted();
    throw new ConnectionError('The events broke off.', { cause: error });
  } finally {
    hangUp.abort();
  }
}

/** JSON by lines. Of a line that was cut off nothing is used; an empty line says that the connection lives. */
async function* readLines(body: ReadableStream<Uint8Array>, onSilence: () => void): AsyncGenerator<TurnEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      clearTimeout(timer);
      timer = setTimeout(onSilence, SILENCE_MS);
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as TurnEvent;
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined);
  }
}

async function isOver(
  transport: Transport,
  turnId: string,
  cursor: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const turn = await transport.call('get', '/api/v1/turns/{turnId}', { path: { turnId }, signal });
  return !['queued', 'running'].includes(turn.status) && turn.lastSeq <= cursor;
}
