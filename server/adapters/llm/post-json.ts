import http from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';

/** What a call needs to know of its connection. */
export type ConnectionWatch = {
  connected: () => void;
  /** The whole request is on its way: from here on the provider may serve it. */
  sent: () => void;
  answered: () => void;
};

type Post = { headers: Record<string, string>; body: unknown; signal: AbortSignal; watch: ConnectionWatch };

export type Provider = {
  /**
   * Posts `body` as JSON and resolves with the answer's body once its head says success. Throws ProviderRefusal for any other
   * status, and what broke the connection.
   */
  postJson(post: Post): Promise<AsyncIterable<Buffer>>;
  close(): void;
};

/** An answer that is no success. The provider's own words are for hints only: they may quote the prompt or the key. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Why OpenRouter's moderation refused the request, where it did. */
  readonly reasons: unknown;
  constructor(message: http.IncomingMessage, text: string) {
    const error = errorOf(text);
    super(typeof error?.message === 'string' ? error.message : text);
    this.status = message.statusCode ?? 500;
    this.headers = message.headers;
    this.reasons = error?.metadata?.reasons;
  }
}

const OUR_HEADERS = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'Pantheon' };
/** Idle connections are dropped before a provider's load balancer would, or the next request would meet a closed one. */
const IDLE_CONNECTION_MS = 15_000;
const MAX_ERROR_BODY = 65_536;
const LAST_BYTES_MS = 1_000;

/**
 * One address of a provider, by node:http with connections kept alive: it tells how far a request came, so that a call that
 * never left can be told from one that may have been served.
 */
export function openProvider(address: string): Provider {
  const url = new URL(address);
  const { Agent, request: open } = url.protocol === 'https:' ? https : http;
  const connected = url.protocol === 'https:' ? 'secureConnect' : 'connect';
  const agent = new Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS });
  const where = { ...urlToHttpOptions(url), method: 'POST', agent };

  return {
    postJson: ({ headers, body, signal, watch }) =>
      new Promise((resolve, reject) => {
        const request = open({
          ...where,
          headers: { ...OUR_HEADERS, ...headers },
        });
        request.once('socket', (socket) => {
          if (request.reusedSocket) watch.connected();
          else socket.once(connected, watch.connected);
        });
        request.once('finish', watch.sent);
        request.on('error', reject);
        closeOnAbort(request, signal);
        request.once('response', (message) => {
          watch.answered();
          const { statusCode = 500 } = message;
          if (statusCode >= 200 && statusCode < 300) return resolve(drainedBody(message));
          readStart(message).then((text) => reject(new ProviderRefusal(message, text)), reject);
        });
        request.end(JSON.stringify(body));
      }),
    close: () => agent.destroy(),
  };
}

/**
 * Not by http's own `signal`: aborted between the last byte of an answer and the request's end, it destroys a socket
 * that is already back in the pool and has no listener for the error, which ends the process.
 */
function closeOnAbort(request: http.ClientRequest, signal: AbortSignal): void {
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

async function readStart(message: http.IncomingMessage): Promise<string> {
  let text = '';
  message.setEncoding('utf8');
  for await (const piece of message) {
    text += String(piece);
    if (text.length > MAX_ERROR_BODY) break;
  }
  return text;
}

type ErrorBody = { message?: unknown; metadata?: { reasons?: unknown } };

function errorOf(text: string): ErrorBody | null {
  try {
    return (JSON.parse(text) as { error?: ErrorBody } | null)?.error ?? null;
  } catch {
    return null;
  }
}

/**
 * Who reads stops at `[DONE]`. The few bytes that follow are read here, so that the connection can serve the
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
