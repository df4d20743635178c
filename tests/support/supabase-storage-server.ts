/**
 * Speaks the part of Supabase Storage's HTTP API that the storage adapter uses: buckets, signed uploads and downloads, reading
 * and deleting objects, with its statuses and error bodies.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SupabaseStorageServer = {
  url: string;
  serviceRoleKey: string;
  objects: ReadonlyMap<string, { bytes: Buffer; type: string }>;
  /** Makes every address that is out expire. */
  expireAddresses(): void;
  behave(how: 'normal' | 'broken'): void;
  close(): Promise<void>;
};

export async function startSupabaseStorage(): Promise<SupabaseStorageServer> {
  const serviceRoleKey = 'service-role-key-for-tests';
  const buckets = new Set<string>();
  const objects = new Map<string, { bytes: Buffer; type: string }>();
  const tokens = new Map<string, { use: 'upload' | 'download'; path: string }>();
  let how: 'normal' | 'broken' = 'normal';

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    if (how === 'broken') return refuse(response, 500, 'Internal', 'Something broke');
    const path = decodeURIComponent(url.pathname.replace(/^\/storage\/v1/, ''));
    const token = url.searchParams.get('token');
    if (request.method === 'PUT' && path.startsWith('/object/upload/sign/'))
      return put(path.slice(20), token, body, request, response);
    if (request.method === 'GET' && path.startsWith('/object/sign/'))
      return download(path.slice(13), token, url, response);
    if (request.headers.authorization !== `Bearer ${serviceRoleKey}`)
      return refuse(response, 403, 'Unauthorized', 'Invalid JWT');
    if (request.method === 'POST' && path === '/bucket') {
      const { name } = JSON.parse(body.toString()) as { name: string };
      if (buckets.has(name)) return refuse(response, 409, 'Duplicate', 'The resource already exists');
      buckets.add(name);
      return send(response, 200, { name });
    }
    const object = path.replace(/^\/object\/(upload\/sign|sign|authenticated)?\/?/, '');
    if (!buckets.has(object.split('/')[0] ?? '')) return refuse(response, 404, 'Bucket not found', 'Bucket not found');
    if (request.method === 'POST' && path.startsWith('/object/upload/sign/')) {
      return send(response, 200, { url: `/object/upload/sign/${object}?token=${grant('upload', object)}` });
    }
    if (request.method === 'POST' && path.startsWith('/object/sign/')) {
      if (!objects.has(object)) return refuse(response, 404, 'not_found', 'Object not found');
      return send(response, 200, { signedURL: `/object/sign/${object}?token=${grant('download', object)}` });
    }
    if (request.method === 'DELETE') {
      const { prefixes } = JSON.parse(body.toString()) as { prefixes: string[] };
      for (const key of prefixes) objects.delete(`${object}/${key}`);
      return send(response, 200, []);
    }
    const found = objects.get(object);
    if (!found) return refuse(response, 404, 'not_found', 'Object not found');
    response.writeHead(200, { 'Content-Type': found.type, 'Content-Length': found.bytes.length });
    response.end(request.method === 'HEAD' ? undefined : found.bytes);
  }

  function grant(use: 'upload' | 'download', path: string): string {
    const token = randomUUID();
    tokens.set(token, { use, path });
    return token;
  }

  function put(
    path: string,
    token: string | null,
    bytes: Buffer,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const granted = tokens.get(token ?? '');
    if (granted?.use !== 'upload' || granted.path !== path) return refuse(response, 400, 'InvalidJWT', 'jwt expired');
    if (bytes.length > 10_485_760)
      return refuse(response, 413, 'Payload too large', 'The object exceeded the maximum allowed size');
    if (objects.has(path)) return refuse(response, 409, 'Duplicate', 'The resource already exists');
    objects.set(path, { bytes, type: request.headers['content-type'] ?? 'application/octet-stream' });
    send(response, 200, { Key: path });
  }

  function download(path: string, token: string | null, url: URL, response: ServerResponse): void {
    const granted = tokens.get(token ?? '');
    const found = objects.get(path);
    if (granted?.use !== 'download' || granted.path !== path || !found)
      return refuse(response, 400, 'InvalidJWT', 'jwt expired');
    const name = url.searchParams.get('download');
    response.writeHead(200, {
      'Content-Type': found.type,
      'Content-Length': found.bytes.length,
      ...(name === null ? {} : { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` }),
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(found.bytes);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serviceRoleKey,
    objects,
    expireAddresses: () => tokens.clear(),
    behave: (next) => void (how = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function refuse(response: ServerResponse, status: number, error: string, message: string): void {
  send(response, status, { statusCode: String(status), error, message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
