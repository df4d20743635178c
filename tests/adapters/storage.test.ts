import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiskStorage } from '#server/adapters/storage/disk.ts';
import type { StoragePort } from '#server/adapters/storage/port.ts';
import { createSupabaseStorage } from '#server/adapters/storage/supabase.ts';
import { newId } from '#server/platform/ids.ts';
import { afterFile } from '../support/after-file.ts';
import { startSupabaseStorage } from '../support/supabase-storage-server.ts';

type Subject = { storage: StoragePort; origin: string; expire(): void; late: number };

/** The disk's addresses behind a small server, as the product's own route answers them. */
async function onDisk(): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-storage-'));
  let now = Date.now;
  const storage = createDiskStorage({ folder, secret: 'a secret for tests', now: () => now() });
  const server = createServer((request, response) => {
    void (async () => {
      const bytes = Buffer.concat((await request.toArray()) as Buffer[]);
      const hasBody = request.method === 'PUT';
      const asked = new Request(`http://localhost${request.url}`, {
        method: request.method ?? 'GET',
        ...(hasBody ? { body: bytes, headers: rangeOf(request.headers) } : {}),
      });
      const answer = (await storage.answer?.(asked)) ?? new Response(null, { status: 404 });
      response
        .writeHead(answer.status, Object.fromEntries(answer.headers))
        .end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterFile(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(folder, { recursive: true, force: true });
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { storage, origin, late: 403, expire: () => void (now = () => Date.now() + 3_600_000) };
}

function rangeOf(headers: IncomingHttpHeaders): Record<string, string> {
  const range = headers['content-range'];
  return range === undefined ? {} : { 'Content-Range': range };
}

async function onSupabase(): Promise<Subject> {
  const server = await startSupabaseStorage();
  afterFile(() => server.close());
  const storage = createSupabaseStorage({ url: server.url, serviceRoleKey: server.serviceRoleKey });
  return { storage, origin: server.url, late: 400, expire: () => server.expireAddresses() };
}

describe.each([
  ['a folder', onDisk],
  ['Supabase Storage', onSupabase],
])('%s as storage', (_, open) => {
  const expiresAt = new Date(Date.now() + 60_000);

  async function put({ storage, origin }: Subject, key: string, text: string, size = Buffer.byteLength(text)) {
    const { url, headers } = await storage.signUpload(key, { size, mimeType: 'text/plain', expiresAt });
    return fetch(new URL(url, origin), { method: 'PUT', headers, body: text });
  }

  it('takes bytes at a signed address and gives them back', async () => {
    const subject = await open();
    const key = newId();
    expect(await subject.storage.sizeOf(key)).toBeNull();
    expect((await put(subject, key, 'Grüße')).status).toBe(200);
    expect(await subject.storage.sizeOf(key)).toBe(7);
    expect((await subject.storage.read(key, { maxBytes: 7 })).toString()).toBe('Grüße');
    await expect(subject.storage.read(key, { maxBytes: 6 })).rejects.toMatchObject({ code: 'too_large' });
  });

  it('hands a file out as an attachment under its name, whatever that is', async () => {
    const subject = await open();
    const key = newId();
    await put(subject, key, 'hello');
    const name = 'Größe "1".txt';
    const { url } = await subject.storage.signDownload(key, { name, mimeType: 'text/plain', expiresAt });
    const answer = await fetch(new URL(url, subject.origin));
    expect(await answer.text()).toBe('hello');
    expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment;.*filename\*=UTF-8''Gr%C3%B6/);
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  it('lets nobody write other bytes where some are', async () => {
    const subject = await open();
    const key = newId();
    await put(subject, key, 'first');
    expect((await put(subject, key, 'other')).status).toBe(409);
    expect((await subject.storage.read(key, { maxBytes: 10 })).toString()).toBe('first');
  });

  it('answers nothing at an address that has expired, was changed or is for something else (NFR-SEC-003)', async () => {
    const subject = await open();
    const key = newId();
    await put(subject, key, 'hello');
    const { url } = await subject.storage.signDownload(key, { name: 'a.txt', mimeType: 'text/plain', expiresAt });
    const other = new URL(url.replaceAll(key, newId()), subject.origin);
    expect((await fetch(other)).ok).toBe(false);
    expect((await fetch(new URL(url, subject.origin), { method: 'PUT', body: 'x' })).ok).toBe(false);
    subject.expire();
    const late = await fetch(new URL(url, subject.origin));
    expect(late.status).toBe(subject.late);
    expect(await late.text()).not.toContain('hello');
  });

  it('forgets what is deleted, and doesn’t mind being asked twice', async () => {
    const subject = await open();
    const key = newId();
    await put(subject, key, 'hello');
    await subject.storage.delete([key, newId()]);
    await subject.storage.delete([key]);
    expect(await subject.storage.sizeOf(key)).toBeNull();
    await expect(subject.storage.read(key, { maxBytes: 10 })).rejects.toMatchObject({ code: 'missing' });
  });

  it('makes no path of a key', async () => {
    const { storage } = await open();
    await expect(storage.read('../../etc/passwd', { maxBytes: 10 })).rejects.toMatchObject({ code: 'missing' });
  });
});

describe('a folder as storage', () => {
  it('takes exactly as many bytes as were announced', async () => {
    const { storage, origin } = await onDisk();
    const expiresAt = new Date(Date.now() + 60_000);
    const key = newId();
    const { url } = await storage.signUpload(key, { size: 5, mimeType: 'text/plain', expiresAt });
    const send = (body: string) => fetch(new URL(url, origin), { method: 'PUT', body });
    expect((await send('toolong')).status).toBe(413);
    expect((await send('few')).status).toBe(422);
    expect(await storage.sizeOf(key)).toBeNull();
    expect((await send('right')).status).toBe(200);
    expect((await send('right')).status).toBe(200);
    const bigger = new URL(url.replace('size=5', 'size=500'), origin);
    expect((await fetch(bigger, { method: 'PUT', body: 'x'.repeat(500) })).status).toBe(403);
  });
});

describe('a folder takes an upload in pieces', () => {
  const expiresAt = new Date(Date.now() + 60_000);

  async function begin(text: string) {
    const { storage, origin } = await onDisk();
    const key = newId();
    const size = Buffer.byteLength(text);
    const { url, headers, pieceBytes } = await storage.signUpload(key, { size, mimeType: 'text/plain', expiresAt });
    const put = (range: string, body?: string) =>
      fetch(new URL(url, origin), {
        method: 'PUT',
        headers: { ...headers, 'Content-Range': range },
        ...(body === undefined ? {} : { body }),
      });
    return { storage, key, put, pieceBytes };
  }

  it('so that one that broke off goes on where it stopped', async () => {
    const { storage, key, put, pieceBytes } = await begin('hello world');
    expect(pieceBytes).toBeGreaterThan(0);
    const first = await put('bytes 0-4/11', 'hello');
    expect([first.status, await first.json()]).toEqual([202, { received: 5 }]);
    expect(await storage.sizeOf(key)).toBeNull();
    expect(await (await put('bytes */11')).json()).toEqual({ received: 5 });
    expect(await (await put('bytes 0-4/11', 'HELLO')).json()).toEqual({ received: 5 });
    expect(await (await put('bytes 8-10/11', 'rld')).json()).toEqual({ received: 5 });
    expect((await put('bytes 5-10/11', ' world')).status).toBe(200);
    expect((await storage.read(key, { maxBytes: 11 })).toString()).toBe('hello world');
    expect((await put('bytes */11')).status).toBe(200);
  });

  it('but not more than was announced, and forgets what was never finished', async () => {
    const { storage, key, put } = await begin('hello');
    expect((await put('bytes 0-9/10', 'hello worl')).status).toBe(422);
    expect((await put('bytes 0-2/5', 'hello')).status).toBe(413);
    expect((await put('bytes 4-2/5', 'x')).status).toBe(400);
    expect((await put('bytes 0-1/5', 'he')).status).toBe(202);
    await storage.delete([key]);
    expect(await (await put('bytes */5')).json()).toEqual({ received: 0 });
  });
});
