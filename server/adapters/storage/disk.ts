import { randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { attachmentNamed } from './content-disposition.ts';
import { assertKey, StorageError, type StoragePort } from './port.ts';
import { readAddress, signAddress, type Grant } from './sign-address.ts';

/** Small enough to lose little, large enough to wait little. */
const PIECE_BYTES = 1024 * 1024;

export type DiskStorageOptions = {
  /** Absolute; made when it is first needed. */
  folder: string;
  secret: string;
  now?: () => number;
};

/** Files in a folder, under generated keys, reached through addresses on this server that carry their own signature. */
export function createDiskStorage({ folder, secret, now = Date.now }: DiskStorageOptions): StoragePort {
  const pathOf = (key: string): string => {
    assertKey(key);
    return join(folder, key.slice(-2), key);
  };

  async function receive(grant: Grant, request: Request): Promise<Response> {
    const size = Number(grant.size);
    const path = pathOf(grant.key);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      let written = 0;
      for await (const piece of piecesOf(request)) {
        written += piece.byteLength;
        if (written > size) return problem(413, 'file_too_large', 'More bytes came than were announced.');
        await file.write(piece);
      }
      if (written < size) return problem(422, 'invalid_input', 'Fewer bytes came than were announced.');
      await file.sync();
      const taken = await link(temporary, path).then(
        () => false,
        async (error: unknown) => {
          if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
          return !(await readFile(path)).equals(await readFile(temporary));
        },
      );
      if (taken) return problem(409, 'conflict', 'Other bytes were uploaded here before.');
      return new Response(null, { status: 200 });
    } finally {
      await file.close();
      await rm(temporary, { force: true });
    }
  }

  /**
   * A piece, or the question how much is there. What breaks off stays as far as it came. A piece that doesn't go on where the
   * bytes end changes nothing: the answer says where that is.
   */
  async function receivePiece(grant: Grant, range: Range, request: Request): Promise<Response> {
    const size = Number(grant.size);
    const path = pathOf(grant.key);
    if (range.total !== size) return problem(422, 'invalid_input', 'The size is not the one that was announced.');
    if (await stat(path).catch(() => null)) return new Response(null, { status: 200 });
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    const partial = partialOf(path);
    const file = await open(partial, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      let received = (await file.stat()).size;
      if (range.from === received) {
        for await (const piece of piecesOf(request)) {
          if (received + piece.byteLength > Math.min(range.to + 1, size)) {
            return problem(413, 'file_too_large', 'More bytes came than were announced.');
          }
          await file.write(piece, 0, piece.byteLength, received);
          received += piece.byteLength;
        }
      }
      if (received < size)
        return Response.json({ received }, { status: 202, headers: { 'Cache-Control': 'no-store' } });
      await file.sync();
      await link(partial, path).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      });
      await rm(partial, { force: true });
      return new Response(null, { status: 200 });
    } finally {
      await file.close();
    }
  }

  async function hand(grant: Grant): Promise<Response> {
    const path = pathOf(grant.key);
    const found = await stat(path).catch(() => null);
    if (!found) return problem(404, 'not_found', 'There is nothing here any more.');
    const body = Readable.toWeb(createReadStream(path)) as unknown as ReadableStream<Uint8Array>;
    return new Response(body, {
      headers: {
        'Content-Type': grant.type,
        'Content-Length': String(found.size),
        'Content-Disposition': attachmentNamed(grant.name),
        'X-Content-Type-Options': 'nosniff',
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'Cache-Control': 'private, no-store',
      },
    });
  }

  return {
    kind: 'disk',
    async signUpload(key, { size, mimeType, expiresAt }) {
      assertKey(key);
      const expires = expiresAt.getTime();
      const grant: Grant = { method: 'PUT', key, expires, size: String(size), type: mimeType, name: '' };
      return { url: signAddress(secret, grant), headers: { 'Content-Type': mimeType }, pieceBytes: PIECE_BYTES };
    },
    async signDownload(key, { name, mimeType, expiresAt }) {
      assertKey(key);
      return {
        url: signAddress(secret, { method: 'GET', key, expires: expiresAt.getTime(), size: '', type: mimeType, name }),
      };
    },
    async sizeOf(key) {
      const found = await stat(pathOf(key)).catch(() => null);
      return found?.size ?? null;
    },
    async read(key, { maxBytes }) {
      const path = pathOf(key);
      const found = await stat(path).catch(() => null);
      if (!found) throw new StorageError('missing', 'Nothing is stored under this key.');
      if (found.size > maxBytes) throw new StorageError('too_large', 'More is stored than may be read.');
      return readFile(path);
    },
    async delete(keys) {
      for (const path of keys.map(pathOf)) {
        await rm(path, { force: true });
        await rm(partialOf(path), { force: true });
      }
    },
    async answer(request) {
      const grant = readAddress(secret, new URL(request.url));
      if (!grant) return problem(403, 'forbidden', 'This address was not made by this server.');
      if (grant.expires < now()) return problem(403, 'forbidden', 'This address has expired. Ask for a new one.');
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      if (method !== grant.method) return problem(403, 'forbidden', `This address doesn’t answer ${request.method}.`);
      if (grant.method === 'GET') return hand(grant);
      const asked = request.headers.get('Content-Range');
      if (asked === null) return receive(grant, request);
      const range = readRange(asked);
      return range ? receivePiece(grant, range, request) : problem(400, 'invalid_query', 'This range can’t be read.');
    },
  };
}

/** `from` is null where it is only asked how much is there. */
type Range = { from: number | null; to: number; total: number };

function readRange(header: string): Range | null {
  const parts = /^bytes (?:(\d{1,12})-(\d{1,12})|\*)\/(\d{1,12})$/.exec(header);
  if (!parts) return null;
  const [, from, to, total] = parts;
  const range = { from: from === undefined ? null : Number(from), to: Number(to ?? -1), total: Number(total) };
  return range.from !== null && range.to < range.from ? null : range;
}

/** Where the pieces of an upload are until they are all there. */
function partialOf(path: string): string {
  return `${path}.part`;
}

async function* piecesOf(request: Request): AsyncGenerator<Uint8Array> {
  if (!request.body) return;
  for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) yield piece;
}

function problem(status: number, code: string, detail: string): Response {
  const body = { type: 'about:blank', title: detail, status, code, detail };
  return Response.json(body, {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  });
}
