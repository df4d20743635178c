import { z } from 'zod';
import { assertKey, StorageError, type StoragePort } from './port.ts';

export type SupabaseStorageOptions = {
  /** The project's URL, without /storage/v1. */
  url: string;
  serviceRoleKey: string;
  bucket?: string;
  /** For one request; 15 s unless told. */
  timeoutMs?: number;
  now?: () => number;
};

const MAX_FILE_BYTES = 10_485_760;
const ZSigned = z.object({ url: z.string() });
const ZSignedDownload = z.object({ signedURL: z.string() });
const ZFailure = z.object({ statusCode: z.coerce.string(), error: z.string(), message: z.string() }).partial();

/**
 * Supabase Storage by its HTTP API, in a private bucket that is made when it is first needed. Signed uploads expire after the two
 * hours that Supabase gives them; that they may come no later than our own limit is checked when they are completed.
 */
export function createSupabaseStorage(options: SupabaseStorageOptions): StoragePort {
  const { bucket = 'pantheon-files', timeoutMs = 15_000, now = Date.now } = options;
  const base = `${options.url.replace(/\/+$/, '')}/storage/v1`;

  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    try {
      return await fetch(base + path, {
        method,
        headers: {
          apikey: options.serviceRoleKey,
          Authorization: `Bearer ${options.serviceRoleKey}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new StorageError('unavailable', 'The file storage can’t be reached right now.', cause);
    }
  }

  /** Makes the bucket and asks again, once, when that is what is missing. */
  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    const first = await send(method, path, body);
    if (first.ok) return first;
    const failure = await failureOf(first);
    if (!/bucket not found/i.test(failure.message)) throw failure;
    const made = await send('POST', '/bucket', {
      id: bucket,
      name: bucket,
      public: false,
      file_size_limit: MAX_FILE_BYTES,
    });
    if (!made.ok && made.status !== 409) {
      const refusal = await failureOf(made);
      if (!/already exists/i.test(refusal.message)) throw refusal;
    }
    const second = await send(method, path, body);
    if (!second.ok) throw await failureOf(second);
    return second;
  }

  const pathOf = (key: string): string => {
    assertKey(key);
    return `${bucket}/${key}`;
  };

  async function sizeOf(key: string): Promise<number | null> {
    const path = pathOf(key);
    const found = await send('HEAD', `/object/authenticated/${path}`);
    if (found.ok) return Number(found.headers.get('Content-Length') ?? 0);
    // A missing object is 400 in Supabase's older versions and 404 in newer ones.
    if (found.status === 400 || found.status === 404) return null;
    throw await failureOf(found);
  }

  return {
    kind: 'supabase',
    async signUpload(key, { mimeType }) {
      const answer = await ask('POST', `/object/upload/sign/${pathOf(key)}`, {});
      const { url } = await parse(ZSigned, answer);
      return { url: base + url, headers: { 'Content-Type': mimeType } };
    },
    async signDownload(key, { name, expiresAt }) {
      const expiresIn = Math.max(1, Math.ceil((expiresAt.getTime() - now()) / 1_000));
      const answer = await ask('POST', `/object/sign/${pathOf(key)}`, { expiresIn });
      const { signedURL } = await parse(ZSignedDownload, answer);
      return { url: `${base}${signedURL}&download=${encodeURIComponent(name)}` };
    },
    sizeOf,
    async read(key, { maxBytes }) {
      const answer = await send('GET', `/object/authenticated/${pathOf(key)}`);
      if (answer.status === 400 || answer.status === 404) {
        throw new StorageError('missing', 'Nothing is stored under this key.');
      }
      if (!answer.ok) throw await failureOf(answer);
      return readAtMost(answer, maxBytes);
    },
    async delete(keys) {
      if (keys.length === 0) return;
      keys.forEach(assertKey);
      const answer = await send('DELETE', `/object/${bucket}`, { prefixes: keys });
      if (!answer.ok) {
        const failure = await failureOf(answer);
        if (!/bucket not found/i.test(failure.message)) throw failure;
      }
    },
  };
}

async function readAtMost(answer: Response, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
      size += piece.byteLength;
      if (size > maxBytes) throw new StorageError('too_large', 'More is stored than may be read.');
      pieces.push(piece);
    }
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError('unavailable', 'The file storage broke off.', cause);
  }
  return Buffer.concat(pieces);
}

async function parse<T>(schema: z.ZodType<T>, answer: Response): Promise<T> {
  const parsed = schema.safeParse(await answer.json().catch(() => null));
  if (!parsed.success) throw new StorageError('unavailable', 'The file storage answered something else than expected.');
  return parsed.data;
}

async function failureOf(answer: Response): Promise<StorageError> {
  const parsed = ZFailure.safeParse(await answer.json().catch(() => null));
  const said = parsed.success ? (parsed.data.message ?? parsed.data.error ?? '') : '';
  const code = answer.status >= 500 || answer.status === 429 ? 'unavailable' : 'refused';
  return new StorageError(code, `The file storage answered ${answer.status}. ${said}`.trim());
}
