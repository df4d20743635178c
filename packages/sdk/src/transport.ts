import { ApiError, ConnectionError, errorOf } from './errors.ts';
import type { paths } from './schema.ts';

export type PantheonOptions = {
  /** Made in Settings → API keys. A browser on Pantheon’s own pages may leave it out: its cookie counts. */
  apiKey?: string;
  /** Where Pantheon runs, e.g. `https://pantheon.example.com`. */
  baseUrl: string;
  /** Instead of the platform’s. */
  fetch?: typeof fetch;
  /** How often something that may be sent again is sent again. Default 4. */
  maxRetries?: number;
  /** The first wait between two tries; it doubles, with some chance in it. Default 250. */
  retryDelayMs?: number;
  /** How long a request may take until its answer begins. Default 60,000. */
  timeoutMs?: number;
};

type Methods = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Path = keyof paths;
export type Method<P extends Path> = {
  [M in Methods]: paths[P][M] extends { responses: unknown } ? M : never;
}[Methods];

type Operation<P extends Path, M extends Method<P>> = paths[P][M];
type Parameters<O, In extends string> = O extends { parameters: { [K in In]?: infer Q } } ? NonNullable<Q> : never;
export type Query<P extends Path, M extends Method<P>> = Parameters<Operation<P, M>, 'query'>;
export type Body<P extends Path, M extends Method<P>> =
  Operation<P, M> extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined;
type Success = 200 | 201 | 202;
export type Reply<P extends Path, M extends Method<P>> =
  Operation<P, M> extends { responses: infer R }
    ? { [S in keyof R & Success]: R[S] extends { content: { 'application/json': infer J } } ? J : undefined }[keyof R &
        Success]
    : never;

export type CallOptions<P extends Path = Path, M extends Method<P> = Method<P>> = {
  /** What stands for the `{names}` in the path. */
  path?: Record<string, string>;
  query?: { [Name in keyof Query<P, M>]?: Query<P, M>[Name] | undefined } | undefined;
  body?: Body<P, M> | undefined;
  /** The same key again is the same request, so it may be tried again. */
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
};

type Sent = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: BodyInit;
  signal?: AbortSignal | undefined;
  again: boolean;
  /** Without the key. */
  bare?: boolean;
};

/** HTTP as this API wants it: key, JSON, typed errors, and what may be tried again is. */
export class Transport {
  readonly #options: Required<Omit<PantheonOptions, 'apiKey'>> & { apiKey: string | undefined };

  constructor(options: PantheonOptions) {
    this.#options = {
      maxRetries: 4,
      retryDelayMs: 250,
      timeoutMs: 60_000,
      // Called as a plain function: browsers refuse it as a method of anything else.
      fetch: (input, init) => fetch(input, init),
      ...options,
      apiKey: options.apiKey,
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
    };
  }

  get maxRetries(): number {
    return this.#options.maxRetries;
  }

  async call<P extends Path, M extends Method<P>>(
    method: M,
    path: P,
    options: CallOptions<P, M> = {},
  ): Promise<Reply<P, M>> {
    const { body, idempotencyKey, signal } = options;
    const request: Sent = {
      method: method.toUpperCase(),
      url: this.url(path, options.path, options.query),
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
      // A post without a key may have been done although its answer was lost.
      again: method !== 'post' || idempotencyKey !== undefined,
    };
    const text = await this.#ask(request, (response) => response.text());
    return (text === '' ? undefined : JSON.parse(text)) as Reply<P, M>;
  }

  url(path: string, values: Record<string, string> = {}, query: object = {}): string {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    return this.#options.baseUrl + filled + (search.size > 0 ? `?${search.toString()}` : '');
  }

  /** One request and, where that is right, the same again. Throws ApiError or ConnectionError. */
  send(sent: Sent): Promise<Response> {
    return this.#ask(sent, (response) => response);
  }

  /** An answer that breaks off while it is read is none. */
  async #ask<T>({ again, ...sent }: Sent, read: (response: Response) => T | Promise<T>): Promise<T> {
    for (let tried = 0; ; tried += 1) {
      const answer = await this.#try(sent);
      let failure: ApiError | ConnectionError;
      if (answer instanceof Response) {
        try {
          return await read(answer);
        } catch (error) {
          sent.signal?.throwIfAborted();
          failure = new ConnectionError('The answer broke off.', { cause: error });
        }
      } else failure = answer;
      if (!again || tried >= this.maxRetries || !isPassing(failure)) throw failure;
      await this.pause(tried, failure instanceof ApiError ? failure.retryAfter : null, sent.signal);
    }
  }

  async #try({
    url,
    headers,
    signal,
    bare,
    ...init
  }: Omit<Sent, 'again'>): Promise<Response | ApiError | ConnectionError> {
    const { apiKey, timeoutMs } = this.#options;
    // Ends the wait for an answer, not the reading of one: a turn’s events may go on for long.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    try {
      const response = await this.#options.fetch(url, {
        ...init,
        headers: { ...headers, ...(apiKey === undefined || bare ? {} : { Authorization: `Bearer ${apiKey}` }) },
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      });
      return response.ok ? response : await errorOf(response);
    } catch (error) {
      signal?.throwIfAborted();
      return new ConnectionError(
        late.signal.aborted ? 'The server took too long.' : 'The server could not be reached.',
        {
          cause: error,
        },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** Bytes to an address of the storage, which carries its own leave: the key stays here. */
  async put(url: string, body: Blob, headers: Record<string, string>, signal?: AbortSignal): Promise<void> {
    await this.send({ method: 'PUT', url, headers, body, signal, again: true, bare: true });
  }

  /** Waits before another try: as long as the server says, else longer each time. */
  async pause(tried: number, seconds: number | null, signal?: AbortSignal): Promise<void> {
    const { retryDelayMs } = this.#options;
    const grown = Math.min(retryDelayMs * 2 ** tried, 10_000);
    const ms = seconds === null ? grown * (0.5 + Math.random() / 2) : seconds * 1000;
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  }
}

/** What may be over in a moment. A turn that failed (502 `turn_failed`) has failed. */
export function isPassing(failure: unknown): boolean {
  if (failure instanceof ConnectionError) return true;
  return (
    failure instanceof ApiError && [429, 500, 502, 503, 504].includes(failure.status) && failure.code !== 'turn_failed'
  );
}
