import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP } from 'node:net';
import { Readable, Transform } from 'node:stream';
import { AddressRefused, isPublicAddress, lookupPublic } from './public-address.ts';

export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

export type Egress = {
  /** For development and tests: this machine, private networks and plain HTTP as well. */
  allowPrivate: boolean;
  /** Bytes that all answers together may have. */
  maxBytes: number;
  signal: AbortSignal;
};

const NO_BODY = [101, 204, 205, 304];

/**
 * `fetch` for addresses that somebody typed in. The name is looked up once and what was judged is what is connected to; no
 * redirect is followed, so whoever wants to follow one comes here again; no cookie, no cache, no connection is kept.
 */
export function createGuardedFetch({ allowPrivate, maxBytes, signal }: Egress): typeof fetch {
  let left = maxBytes;
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    assertMayConnect(url, allowPrivate);
    const body = typeof init.body === 'string' ? init.body : undefined;
    const ended = init.signal ? AbortSignal.any([init.signal, signal]) : signal;
    return new Promise<Response>((resolve, reject) => {
      const request = (url.protocol === 'https:' ? requestSecure : requestPlain)(
        url,
        {
          method: init.method ?? 'GET',
          headers: {
            ...Object.fromEntries(new Headers(init.headers)),
            ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          },
          agent: false,
          signal: ended,
          ...(allowPrivate ? {} : { lookup: lookupPublic }),
        },
        (answer) => {
          const counted = new Transform({
            transform(chunk: Buffer, _encoding, done) {
              left -= chunk.length;
              if (left >= 0) done(null, chunk);
              else done(new TooLarge('The answer is too large.'));
            },
          });
          answer.once('error', (error) => counted.destroy(error));
          counted.once('error', () => request.destroy());
          const status = answer.statusCode ?? 502;
          const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
            [value ?? []].flat().map((one): [string, string] => [name, one]),
          );
          const bare = NO_BODY.includes(status);
          if (bare) answer.resume();
          const stream = bare ? null : (Readable.toWeb(answer.pipe(counted)) as ReadableStream<Uint8Array>);
          resolve(new Response(stream, { status, headers }));
        },
      );
      request.once('error', reject);
      request.end(body);
    });
  };
}

function assertMayConnect(url: URL, allowPrivate: boolean): void {
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) throw new AddressRefused();
  if (url.username !== '' || url.password !== '') throw new AddressRefused();
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A name is judged when it is looked up.
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw new AddressRefused();
}
