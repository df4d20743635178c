/** What programs get beside the answers: tags, limits, keys, and pages of other sites that bring one. */
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '#server/platform/errors.ts';
import { startTestApp, type TestUser } from '#tests/support/app.ts';
import { createClient, type Client } from '#tests/support/client.ts';
import { createRoom } from '#tests/support/rooms.ts';

const product = await startTestApp({ env: { LIMIT_API_REQUESTS: '20' } });

type Made = { apiKey: { id: string; prefix: string; lastUsedAt: string | null }; key: string };

async function programOf(user: TestUser, body: object = {}): Promise<{ program: Client } & Made> {
  const made = await user.client.post<Made>('/api-keys', { name: 'CI', scopes: ['read', 'write'], ...body });
  expect(made.status).toBe(201);
  return { program: createClient(product.url, { apiKey: made.body.key }), ...made.body };
}

describe('a problem', () => {
  test('has a type that leads to what it means and what to do, whichever it is', async () => {
    const { client } = await product.createUser();
    const { body } = await client.get<{ type: string }>('/rooms/nowhere');
    const { pathname, hash } = new URL(body.type, product.url);
    expect(hash).toBe('#not_found');
    const page = await fetch(product.url + pathname);
    expect(page.status).toBe(200);
    const html = await page.text();
    for (const code of ERROR_CODES) expect(html).toContain(`id="${code}"`);
  });
});

describe('an ETag', () => {
  test('spares a reader what has not changed', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client);
    const first = await client.get(`/rooms/${room.id}`);
    const tag = first.headers.get('ETag') ?? '';
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/);
    const again = await client.get(`/rooms/${room.id}`, { 'If-None-Match': `"other", ${tag}` });
    expect([again.status, again.body, again.headers.get('ETag')]).toEqual([304, null, tag]);
    await client.patch(`/rooms/${room.id}`, { name: 'Renamed' });
    expect(await client.get(`/rooms/${room.id}`, { 'If-None-Match': tag })).toMatchObject({
      status: 200,
      body: { name: 'Renamed' },
    });
  });

  test('tells nobody about what is not theirs', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const room = await createRoom(ann.client);
    const tag = (await ann.client.get(`/rooms/${room.id}`)).headers.get('ETag') ?? '';
    expect((await bob.client.get(`/rooms/${room.id}`, { 'If-None-Match': tag })).status).toBe(404);
  });

  test('is on the API’s own description', async () => {
    const { client } = await product.createUser();
    const first = await client.get('/openapi.json');
    const tag = first.headers.get('ETag') ?? '';
    expect((await client.get('/openapi.json', { 'If-None-Match': tag })).status).toBe(304);
  });
});

describe('a key’s requests', () => {
  test('are counted together for a user, told on each answer, and refused beyond the limit', async () => {
    const user = await product.createUser();
    const [{ program }, { program: other }] = [await programOf(user), await programOf(user)];
    const first = await program.get('/rooms');
    expect(Number(first.headers.get('RateLimit-Limit'))).toBe(20);
    expect(Number(first.headers.get('RateLimit-Remaining'))).toBe(19);
    const missing = await other.get('/rooms/nowhere');
    expect([missing.status, missing.headers.get('RateLimit-Remaining')]).toEqual([404, '18']);
    for (let sent = 2; sent < 20; sent += 1) expect((await program.get('/rooms')).status).toBe(200);
    const refused = await other.get('/rooms');
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(refused.headers.get('RateLimit-Remaining')).toBe('0');
    // The person at the page is not held up by a program gone wild, and neither is anyone else.
    expect((await user.client.get('/rooms')).status).toBe(200);
    const { program: theirs } = await programOf(await product.createUser());
    expect((await theirs.get('/rooms')).status).toBe(200);
  });
});

describe('an API key', () => {
  test('is shown once, kept as a hash, and known by its beginning', async () => {
    const user = await product.createUser();
    const { apiKey, key } = await programOf(user);
    expect(key.startsWith(apiKey.prefix)).toBe(true);
    const { rows } = await product.db.query<Record<string, unknown>>('SELECT * FROM api_keys WHERE id = $1', [
      apiKey.id,
    ]);
    expect(JSON.stringify(rows)).not.toContain(key);
    const listed = await user.client.get('/api-keys');
    expect(JSON.stringify(listed.body)).not.toContain(key);
    expect(listed.body).toMatchObject({ items: [{ id: apiKey.id, lastUsedAt: null }], nextCursor: null });
    expect(JSON.stringify(product.logs)).not.toContain(key);
  });

  test('does what its scopes say and nothing beyond, and can’t give what it hasn’t', async () => {
    const user = await product.createUser();
    const { program } = await programOf(user, { scopes: ['read'] });
    expect((await program.get('/rooms')).status).toBe(200);
    expect(await program.post('/rooms', { name: 'x' })).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
    const { program: writer } = await programOf(user, { scopes: ['read', 'write'] });
    expect(await writer.post('/api-keys', { name: 'More', scopes: ['admin'] })).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    });
  });

  test('ends when it is revoked or expires, and is used from then on in vain', async () => {
    const user = await product.createUser();
    const { program, apiKey } = await programOf(user);
    expect((await program.get('/rooms')).status).toBe(200);
    expect((await user.client.delete(`/api-keys/${apiKey.id}`)).status).toBe(204);
    expect(await program.get('/rooms')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect((await user.client.delete(`/api-keys/${apiKey.id}`)).status).toBe(404);
    const soon = await programOf(user, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await soon.program.get('/rooms')).status).toBe(200);
    await product.db.query(`UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      soon.apiKey.id,
    ]);
    expect((await soon.program.get('/rooms')).status).toBe(401);
  });

  test('of a suspended user reads and changes nothing', async () => {
    const user = await product.createUser();
    const { program } = await programOf(user);
    await product.db.query('UPDATE users SET suspended_at = now() WHERE id = $1', [user.id]);
    expect((await program.get('/rooms')).status).toBe(200);
    expect(await program.post('/rooms', { name: 'x' })).toMatchObject({ status: 403, body: { code: 'suspended' } });
  });
});

describe('another site’s page', () => {
  const foreign = { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' };
  const preflight = (headers: string) =>
    fetch(`${product.url}/api/v1/rooms`, {
      method: 'OPTIONS',
      headers: { ...foreign, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': headers },
    });

  test('may call with a key, which it has to bring itself', async () => {
    const { program } = await programOf(await product.createUser());
    const asked = await preflight('authorization, content-type');
    expect(asked.status).toBe(204);
    expect(asked.headers.get('Access-Control-Allow-Origin')).toBe('*');
    const made = await program.post('/rooms', { name: 'From elsewhere' }, foreign);
    expect(made.status).toBe(201);
    expect(made.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(made.headers.has('Access-Control-Allow-Credentials')).toBe(false);
  });

  test('is told nothing without one, and can’t use our cookie', async () => {
    const { client } = await product.createUser();
    expect((await preflight('content-type')).headers.has('Access-Control-Allow-Origin')).toBe(false);
    const read = await client.get('/rooms', foreign);
    expect(read.headers.has('Access-Control-Allow-Origin')).toBe(false);
    expect(await client.post('/rooms', { name: 'x' }, foreign)).toMatchObject({
      status: 403,
      body: { code: 'cross_site' },
    });
  });
});
