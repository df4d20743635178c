import http from 'node:http';
import https from 'node:https';

/** What a call needs to know of its connection, and `fetch` can't tell. */
export type ConnectionWatch = {
  connected: () => void;
  /** The whole request is on its way: from here on the provider may serve it. */
  sent: () => void;
  answered: () => void;
};

type FetchOptions = Omit<RequestInit, 'body' | 'headers' | 'method' | 'signal'>;
type Watched = { watch?: ConnectionWatch };

/** Options of one request of the OpenAI client, which hands them on to `fetch`. */
export function watchedBy(watch: ConnectionWatch): FetchOptions {
  return { watch } as FetchOptions & Watched;
}

export type Transport = {
  /** For the OpenAI client; who calls may watch. */
  fetch: (input: string | URL | Request, init?: RequestInit & Watched) => Promise<Response>;
  close(): void;
};

/** Idle connections are dropped before a provider's load balancer would, or the next request would meet a closed one. */
const IDLE_CONNECTION_MS = 15_000;
const MAX_ERROR_BODY = 65_536;
const LAST_BYTES_MS = 1_000;

/**
 * `fetch` over node:http with connections kept alive. It tells how far the request came, so that a call that never
 * left can be told from one that may have been served; and it passes the body on as Node's stream, which is cheaper.
 */
export function createTransport(): Transport {
  const options = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const plain = new http.Agent(options);
  const secure = new https.Agent(options);

  const send = (input: string | URL | Request, { watch, ...init }: RequestInit & Watched = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const tls = url.protocol === 'https:';
      const request = (tls ? https : http).request(url, {
        method: init.method ?? 'GET',
        headers: headersToSend(init.headers),
        agent: tls ? secure : plain,
      });
      request.once('socket', (socket) => {
        if (!watch) return;
        if (request.reusedSocket) watch.connected();
        else socket.once(tls ? 'secureConnect' : 'connect', watch.connected);
      });
      if (watch) request.once('finish', watch.sent);
      request.on('error', reject);
      closeOnAbort(request, init.signal ?? null);
      request.once('response', (message) => {
        watch?.answered();
        toResponse(message).then(resolve, reject);
      });
      request.end(typeof init.body === 'string' ? init.body : undefined);
    });

  return {
    fetch: send,
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/**
 * Not by http's own `signal`: aborted between the last byte of an answer and the request's end, it destroys a socket
 * that is already back in the pool and has no listener for the error, which ends the process.
 */
function closeOnAbort(request: http.ClientRequest, signal: AbortSignal | null): void {
  if (!signal) return;
  let answer: http.IncomingMessage | undefined;
  request.once('response', (message) => {
    answer = message;
  });
  const close = () => {
    if (!answer?.complete) request.destroy(signal.reason as Error);
  };
  if (signal.aborted) return close();
  signal.addEventListener('abort', close, { once: true });
  request.once('close', () => signal.removeEventListener('abort', close));
}

/** Not the client library's: they tell the provider about our machine, or carry another account's settings from the environment. */
function headersToSend(given: RequestInit['headers']): Record<string, string> {
  const headers = new Headers(given);
  for (const name of [...headers.keys()]) {
    if (name.startsWith('x-stainless-') || name.startsWith('openai-')) headers.delete(name);
  }
  if (headers.get('authorization') === `Bearer ${NO_KEY}`) headers.delete('authorization');
  return Object.fromEntries(headers);
}

/** The OpenAI client insists on a key; a server that wants none is sent none. */
export const NO_KEY = 'none';

async function toResponse(message: http.IncomingMessage): Promise<Response> {
  const status = message.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) headers.set(name, String(value));
  if (status >= 200 && status < 300) {
    const response = new Response(null, { status, headers });
    return Object.defineProperty(response, 'body', { value: drainedBody(message) });
  }
  let text = '';
  message.setEncoding('utf8');
  for await (const piece of message) {
    text += String(piece);
    if (text.length > MAX_ERROR_BODY) break;
  }
  return new Response(text, { status, headers });
}

/**
 * The client stops reading at `[DONE]`. The few bytes that follow are read here, so that the connection can serve the
 * next call; a provider that doesn't end its answer loses it. A stopped call closes it at once, by its signal.
 */
function drainedBody(message: http.IncomingMessage): AsyncIterable<Buffer> {
  message.on('error', () => undefined);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      } finally {
        message.resume();
        const giveUp = setTimeout(() => message.destroy(), LAST_BYTES_MS).unref();
        message.once('close', () => clearTimeout(giveUp));
      }
    },
  };
}
