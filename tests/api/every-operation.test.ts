/** What holds for every operation of the API, as its own description lists them. */
import { describe, expect, test } from 'vitest';
import { startTestApp } from '#tests/support/app.ts';
import { createClient } from '#tests/support/client.ts';

const product = await startTestApp();
const ABSENT = '0197f000-0000-7000-8000-000000000000';

type Operation = {
  security: unknown[];
  requestBody?: unknown;
  parameters?: { name: string; required?: boolean }[];
};
const { body: document } = await product
  .client()
  .get<{ paths: Record<string, Record<string, Operation>> }>('/openapi.json');
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path: path.replace(/\{\w+\}/g, ABSENT),
    hasId: path.includes('{'),
    isAdmin: path.startsWith('/api/v1/admin/'),
    isOpenAi: path.startsWith('/v1/'),
    ...operation,
  })),
);
const guarded = operations.filter(({ security }) => security.length > 0);
const jsonBody = { 'Content-Type': 'application/json' };

type Told = { status: number; type: string; code: string; detail: string; requestId: string };

async function told(response: Response): Promise<Told> {
  const text = await response.text();
  const said = JSON.parse(text) as { code?: string; detail?: string; error?: { code: string; message: string } };
  const requestId = response.headers.get('X-Request-Id') ?? '';
  expect(text, 'the answer names its request').toContain(requestId);
  return {
    status: response.status,
    type: response.headers.get('Content-Type') ?? '',
    code: said.code ?? said.error?.code ?? '',
    detail: said.detail ?? said.error?.message ?? '',
    requestId,
  };
}

test('there are many, and some need no sign-in', () => {
  expect(operations.length).toBeGreaterThan(60);
  expect(operations.length - guarded.length).toBeGreaterThan(3);
});

describe('an error is a problem document, in the order of the contract', () => {
  test('nobody is told to sign in, whatever the body', async () => {
    for (const { name, method, path, isOpenAi } of guarded) {
      const response = await product.client().fetch(path, {
        method,
        headers: jsonBody,
        ...(method === 'GET' ? {} : { body: '{"broken' }),
      });
      const { status, type, code } = await told(response);
      expect([name, status, code]).toEqual([name, 401, isOpenAi ? 'invalid_api_key' : 'unauthenticated']);
      expect(type).toContain(isOpenAi ? 'application/json' : 'application/problem+json');
    }
  });

  test('another site’s page changes nothing', async () => {
    const { client } = await product.createUser();
    for (const { name, method, path } of guarded.filter(({ method }) => method !== 'GET')) {
      const headers = { ...jsonBody, Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' };
      const { status, code } = await told(await client.fetch(path, { method, headers, body: '{}' }));
      expect([name, status, code]).toEqual([name, 403, 'cross_site']);
    }
  });

  test('what is absent is 404, before the body is looked at, in one sentence without an id', async () => {
    const { client } = await product.createUser();
    const details = new Set<string>();
    for (const { name, method, path, hasId, isAdmin, isOpenAi } of guarded) {
      if (isOpenAi || (!hasId && !isAdmin)) continue;
      const body = method === 'GET' ? {} : { body: '{"broken' };
      const { status, code, detail } = await told(await client.fetch(path, { method, headers: jsonBody, ...body }));
      expect([name, status, code]).toEqual([name, 404, 'not_found']);
      expect(detail).not.toContain(ABSENT);
      details.add(detail);
    }
    expect(details.size).toBe(1);
  });

  test('a body that is no JSON is 400', async () => {
    const { client } = await product.createUser({ role: 'owner' });
    for (const { name, method, path, hasId, requestBody } of operations) {
      if (!requestBody || hasId) continue;
      const response = await client.fetch(path, { method, headers: jsonBody, body: '{"broken' });
      expect([name, (await told(response)).code]).toEqual([name, 'malformed_json']);
    }
  });

  test('a method that isn’t there is 405 and says which are', async () => {
    const { client } = await product.createUser();
    for (const path of Object.keys(document.paths)) {
      const item = document.paths[path] ?? {};
      if ('patch' in item) continue;
      const response = await client.fetch(path.replace(/\{\w+\}/g, ABSENT), { method: 'PATCH', body: '{}' });
      expect([path, response.status]).toEqual([path, 405]);
      const allowed = (response.headers.get('Allow') ?? '').toLowerCase().split(', ').sort();
      expect([path, allowed]).toEqual([path, Object.keys(item).sort()]);
    }
  });
});

describe('lists', () => {
  test('refuse a cursor that is none, and a limit that is none', async () => {
    const { client } = await product.createUser({ role: 'owner' });
    const lists = guarded.filter(
      ({ method, hasId, parameters = [] }) =>
        method === 'GET' &&
        !hasId &&
        parameters.some(({ name }) => name === 'cursor') &&
        parameters.every(({ required }) => !required),
    );
    expect(lists.length).toBeGreaterThan(5);
    for (const { name, path } of lists) {
      for (const query of ['limit=0', 'limit=many', 'cursor=nonsense']) {
        const { status, code } = await told(await client.fetch(`${path}?${query}`));
        expect([name, query, status, code]).toEqual([name, query, 400, 'invalid_query']);
      }
      const answer = await client.fetch(`${path}?limit=1`);
      expect([name, answer.status]).toEqual([name, 200]);
      expect(await answer.json()).toMatchObject({ items: expect.any(Array) });
    }
  });
});

test('a key without a scope is refused, and one that is wrong is 401 even where a cookie would do', async () => {
  const user = await product.createUser();
  const { body } = await user.client.post<{ key: string }>('/api-keys', { name: 'Reader', scopes: ['read'] });
  const reader = createClient(product.url, { apiKey: body.key });
  expect(await reader.post('/rooms', { name: 'x' })).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
  const wrong = await user.client.get('/rooms', { Authorization: 'Bearer pan_wrong' });
  expect(wrong.status).toBe(401);
});
