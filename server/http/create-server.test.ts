import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startTestApp } from '#tests/support/app.ts';

const product = await startTestApp();

type Answer = { status: number; headers: Record<string, unknown>; body: string };

/** As bytes on the wire: fetch would set, drop or correct the very headers and paths that this is about. */
function send(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(product.url);
    const length =
      body === '' || headers['Transfer-Encoding'] ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const req = request({ agent: false, method, hostname, port, path, headers: { ...length, ...headers } }, (res) => {
      let text = '';
      res.on('data', (chunk: Buffer) => (text += chunk.toString()));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

const codeOf = ({ body }: Answer) => (JSON.parse(body) as { code: string }).code;
const own = product.url;

test('every answer carries a request id: pages, API, files, refusals, probes (NFR-OBS-002)', async () => {
  for (const path of ['/sign-in', '/api/v1/auth/me', '/api/v1/nothing', '/favicon.svg', '/healthz', '/%zz']) {
    expect((await send('GET', path)).headers['x-request-id'], path).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('an unknown API address is a problem document, never a page', async () => {
  for (const path of [
    '/api/v1/nothing',
    '/api/v2',
    '/api/v1/rooms/x/y/z',
    '/api/v1//rooms',
    '/api/v1/rooms//turns',
    '/api/v1/rooms/./turns',
    '/api/v1/rooms/%2e%2E/turns',
    '/api/v1/rooms/..',
  ]) {
    const answer = await send('GET', path);
    expect(answer.status, path).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(codeOf(answer)).toBe('not_found');
  }
  const openai = await send('GET', '/v1/nothing');
  expect([openai.status, JSON.parse(openai.body)]).toMatchObject([404, { error: { code: 'not_found' } }]);
  expect((await send('GET', '/nothing')).headers['content-type']).toContain('text/html');
});

test('what can’t be read is a 400, what no address answers a 405', async () => {
  for (const path of ['/%zz', '/api/v1/%E0%A4%A', '/rooms/%00']) {
    const answer = await send('GET', path);
    expect(answer.status, path).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  }
  expect((await send('PROPFIND', '/api/v1/rooms')).status).toBe(405);
});

test('a body larger than anything is refused before it is read', async () => {
  const tooLong = 'x'.repeat(13 * 1024 * 1024);
  const refused = await send('POST', '/api/v1/auth/magic-link', {}, tooLong).catch((error: unknown) => error);
  // The connection may be closed under a sender that goes on; one that looks at the answer sees why.
  expect(refused).toSatisfy((answer) => answer instanceof Error || (answer as Answer).status === 413);
  const chunked = { 'Transfer-Encoding': 'chunked' };
  expect((await send('POST', '/api/v1/auth/magic-link', chunked, `"${'x'.repeat(3_000_000)}"`)).status).toBe(413);
});

test.each([
  ['a cookie and no word of where it comes from', { Cookie: 'a=b' }],
  ['a cookie, from another site', { Cookie: 'a=b', Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
  ['a cookie, from a neighbour', { Cookie: 'a=b', 'Sec-Fetch-Site': 'same-site' }],
  ['a cookie, from an opaque origin', { Cookie: 'a=b', Origin: 'null' }],
  ['no cookie, from another site', { Origin: 'https://evil.example' }],
  [
    'a fetch that claims to be ours, from an origin that is not',
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
  ],
  ['a name that someone pointed here', { Host: 'evil.example', Origin: 'http://evil.example' }],
])('a change with %s is refused, before anything else is judged', async (_case, headers) => {
  for (const path of ['/api/v1/rooms', '/api/v1/rooms/x/turns', '/sign-in', '/api/v1/nothing']) {
    const answer = await send('POST', path, headers, '{}');
    expect(answer.status, path).toBe(403);
    expect(codeOf(answer)).toBe('cross_site');
  }
});

test.each([
  ['our own origin', { Cookie: 'a=b', Origin: own }],
  ['Sec-Fetch-Site alone', { Cookie: 'a=b', 'Sec-Fetch-Site': 'same-origin' }],
  [
    '127.0.0.1, where the server answers as well',
    {
      Cookie: 'a=b',
      Host: new URL(own).host.replace('localhost', '127.0.0.1'),
      Origin: own.replace('localhost', '127.0.0.1'),
    },
  ],
  ['no cookie, as programs send it', {}],
])('a change from %s passes, and is then anonymous', async (_case, headers) => {
  const answer = await send('POST', '/api/v1/rooms', headers, '{}');
  expect(answer.status).toBe(401);
});

test('a bearer key is judged as a key, wherever it comes from', async () => {
  const answer = await send(
    'POST',
    '/api/v1/rooms',
    { Authorization: 'Bearer nonsense', Origin: 'https://else.example' },
    '{}',
  );
  expect(answer.status).toBe(401);
});

test('the mailbox can’t be read through a name that someone pointed here', async () => {
  expect((await send('GET', '/dev/mailbox.json', { Host: 'evil.example' })).status).toBe(403);
});

test('a page asks for its scripts after its style and its type', async () => {
  const { body } = await send('GET', '/sign-in');
  const asked = body.match(/<link[^>]*rel="modulepreload"[^>]*>|<script[^>]* src=[^>]*>/g) ?? [];
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter((tag) => !tag.includes('fetchpriority="low"'))).toEqual([]);
});

test('pages run scripts by nonce only, and the nonce is new each time', async () => {
  const pages = await Promise.all([send('GET', '/sign-in'), send('GET', '/sign-in')]);
  const nonces = pages.map((page) => /'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1]);
  expect(new Set(nonces).size).toBe(2);
  for (const [index, page] of pages.entries()) {
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    for (const [script] of page.body.matchAll(/<script[^>]*>/g)) expect(script).toContain(`nonce="${nonces[index]}"`);
  }
});

test('built files never change under their names, and are sent compressed', async () => {
  const page = await send('GET', '/sign-in');
  const asset = /\/assets\/framework-[\w-]+\.js/.exec(page.body)?.[0] ?? '';
  const file = await send('GET', asset, { 'Accept-Encoding': 'gzip' });
  expect(file.headers).toMatchObject({
    'content-encoding': 'gzip',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect((await send('GET', '/assets/gone.js')).status).toBe(404);
});

test('a short answer of the API says how long it is and goes as it is, a long one is sent compressed', async () => {
  const short = await send('GET', '/langgraph/info', { 'Accept-Encoding': 'gzip' });
  expect(short.headers).toMatchObject({ 'content-length': String(Buffer.byteLength(short.body)) });
  expect(short.headers).not.toHaveProperty('content-encoding');
  const long = await send('GET', '/api/v1/openapi.json', { 'Accept-Encoding': 'gzip' });
  expect(long.headers).toMatchObject({ 'content-encoding': 'gzip' });
  const known = await send('GET', '/langgraph/info', { 'If-None-Match': '*' });
  expect(known).toMatchObject({ status: 304, body: '' });
});

test('probes say ready, and metrics name routes, not ids (NFR-OBS-003)', async () => {
  const { client } = await product.createUser();
  await client.get('/rooms/0196f3c0-0000-7000-8000-000000000000');
  expect((await send('GET', '/readyz')).status).toBe(200);
  const { body } = await send('GET', '/metrics');
  expect(body).toContain('route="/api/v1/rooms/:roomId",status="404"');
  expect(body).not.toContain('0196f3c0');
  for (const name of ['nodejs_eventloop_lag', 'turns_open', 'open_streams', 'queue_depth', 'jobs_finished_total']) {
    expect(body).toContain(name);
  }
});

test('the log names requests by path, never by what stands in their query (I8)', async () => {
  await send('GET', '/sign-in/verify?token=very-secret-token');
  await expect.poll(() => product.logs.some((line) => line['path'] === '/sign-in/verify')).toBe(true);
  expect(JSON.stringify(product.logs)).not.toContain('very-secret-token');
});
