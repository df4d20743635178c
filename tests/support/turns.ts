import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Turn, TurnEvent, TurnStatus } from '#server/turns/contract.ts';
import { unexpected, type Client } from './client.ts';

export type SendOptions = {
  idempotencyKey?: string;
  fileIds?: string[];
  parentTurnId?: string | null;
};

/** Sends a message to a room, or to a direct chat by `{ directSessionId }`, and returns the accepted turn. */
export async function sendTurn(
  client: Client,
  to: string | { directSessionId: string },
  message: string,
  { idempotencyKey, ...rest }: SendOptions = {},
): Promise<Turn> {
  const path = typeof to === 'string' ? `/rooms/${to}/turns` : `/direct-sessions/${to.directSessionId}/turns`;
  const headers = idempotencyKey === undefined ? undefined : { 'Idempotency-Key': idempotencyKey };
  const sent = await client.post<{ turn: Turn }>(path, { message, ...rest }, headers);
  if (sent.status !== 202) throw unexpected('The message was not accepted', sent);
  return sent.body.turn;
}

export async function getTurn(client: Client, turnId: string): Promise<Turn> {
  const found = await client.get<Turn>(`/turns/${turnId}`);
  if (found.status !== 200) throw unexpected('The turn was not found', found);
  return found.body;
}

/** Waits until the turn has ended, or has one of these statuses. */
export async function waitForTurn(
  client: Client,
  turnId: string,
  {
    until = ['completed', 'failed', 'cancelled'],
    timeoutMs = 30_000,
  }: { until?: TurnStatus[]; timeoutMs?: number } = {},
): Promise<Turn> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const turn = await getTurn(client, turnId);
    if (until.includes(turn.status)) return turn;
    if (Date.now() > deadline) {
      throw new Error(`After ${timeoutMs} ms the turn is still ${turn.status}: ${JSON.stringify(turn.steps)}`);
    }
    await sleep(25);
  }
}

/** Sends, and waits until the turn has ended. */
export async function runTurn(...send: Parameters<typeof sendTurn>): Promise<Turn> {
  const { id } = await sendTurn(...send);
  return waitForTurn(send[0], id);
}

export type FollowOptions = {
  transport?: 'sse' | 'ndjson';
  /** As `?after=`. */
  after?: number;
  /** As a browser resumes. */
  lastEventId?: number;
  /** Ends the reading, as a closed tab does. */
  signal?: AbortSignal;
};

/** A turn's events as they come, until the server closes the stream. Breaking out of the loop closes the connection. */
export async function* followEvents(
  client: Client,
  turnId: string,
  { transport = 'sse', after, lastEventId, signal }: FollowOptions = {},
): AsyncGenerator<TurnEvent> {
  const hangUp = new AbortController();
  const query = after === undefined ? '' : `?after=${after}`;
  const response = await client.fetch(`/api/v1/turns/${turnId}/events${query}`, {
    headers: {
      Accept: transport === 'sse' ? 'text/event-stream' : 'application/x-ndjson',
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': String(lastEventId) }),
    },
    signal: signal ? AbortSignal.any([signal, hangUp.signal]) : hangUp.signal,
  });
  if (response.status !== 200 || !response.body) {
    throw new Error(`The events were refused: ${response.status} ${await response.text()}`);
  }
  const text = response.body.pipeThrough(new TextDecoderStream());
  try {
    yield* transport === 'sse' ? readSse(text) : readNdjson(text);
  } finally {
    hangUp.abort();
  }
}

/** All of a turn's events after a point, once it has ended. */
export async function readEvents(client: Client, turnId: string, options: FollowOptions = {}): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  for await (const event of followEvents(client, turnId, options)) events.push(event);
  return events;
}

async function* readSse(text: ReadableStream<string>): AsyncGenerator<TurnEvent> {
  for await (const { id, event, data } of text.pipeThrough(new EventSourceParserStream())) {
    const parsed = JSON.parse(data) as TurnEvent;
    if (id !== String(parsed.seq) || event !== parsed.type) {
      throw new Error(`The event’s id ${id} and name ${event} are not those of its data: ${data}`);
    }
    yield parsed;
  }
}

async function* readNdjson(text: ReadableStream<string>): AsyncGenerator<TurnEvent> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as TurnEvent;
  }
  if (rest !== '') throw new Error(`The stream ended inside a line: ${rest}`);
}
