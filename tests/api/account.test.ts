/** The person’s own account over HTTP: name, sessions. */
import { expect, it } from 'vitest';
import type { Session, User } from '#server/auth/contract.ts';
import type { Page } from '#server/http/page.ts';
import { startTestApp } from '#tests/support/app.ts';
import { createClient, signIn } from '#tests/support/client.ts';

const ABSENT = '0197f000-0000-7000-8000-000000000000';
const product = await startTestApp();

it('a name is chosen, trimmed, shown by auth/me and taken back', async () => {
  const { client } = await product.createUser();
  expect((await client.get<{ user: User }>('/auth/me')).body.user).not.toHaveProperty('displayName');
  const named = await client.patch<{ user: User }>('/auth/me', { displayName: '  Ann   Bo ' });
  expect(named).toMatchObject({ status: 200, body: { user: { displayName: 'Ann Bo' } } });
  expect((await client.get<{ user: User }>('/auth/me')).body).toEqual(named.body);
  expect((await client.patch<{ user: User }>('/auth/me', {})).body).toEqual(named.body);
  expect((await client.patch<{ user: User }>('/auth/me', { displayName: '' })).body.user).not.toHaveProperty(
    'displayName',
  );
});

it('a name that is too long is refused at its field, and nothing changes', async () => {
  const { client } = await product.createUser();
  expect(await client.patch('/auth/me', { displayName: 'x'.repeat(61) })).toMatchObject({
    status: 422,
    body: { code: 'invalid_input', errors: [{ path: 'displayName', message: 'At most 60 characters.' }] },
  });
  expect((await client.get<{ user: User }>('/auth/me')).body.user).not.toHaveProperty('displayName');
});

it('FR-AUTH-003: a person sees where they are signed in, and signs one or all others out', async () => {
  const email = 'everywhere@example.com';
  const [here, there, elsewhere] = [
    await signIn(product.url, email),
    await signIn(product.url, email),
    await signIn(product.url, email),
  ];
  const listed = await here.get<Page<Session>>('/auth/sessions');
  expect(listed.body.items).toHaveLength(3);
  expect(listed.body.items.map(({ current }) => current)).toEqual([false, false, true]);
  expect(JSON.stringify(listed.body)).not.toContain('token');

  const other = await there.get<Page<Session>>('/auth/sessions');
  const thereId = other.body.items.find(({ current }) => current)?.id ?? '';
  expect(await here.delete(`/auth/sessions/${thereId}`)).toMatchObject({ status: 204 });
  expect(await here.delete(`/auth/sessions/${thereId}`)).toMatchObject({ status: 404 });
  expect((await there.get('/auth/me')).status).toBe(401);
  expect((await elsewhere.get('/auth/me')).status).toBe(200);

  expect(await here.delete('/auth/sessions')).toMatchObject({ status: 200, body: { ended: 1 } });
  expect((await elsewhere.get('/auth/me')).status).toBe(401);
  expect((await here.get('/auth/me')).status).toBe(200);
});

it('nobody reads or ends someone else’s session', async () => {
  const [ann, bob] = [(await product.createUser()).client, (await product.createUser()).client];
  const [session] = (await ann.get<Page<Session>>('/auth/sessions')).body.items;
  const foreign = await bob.delete(`/auth/sessions/${session?.id ?? ''}`);
  const absent = await bob.delete(`/auth/sessions/${ABSENT}`);
  expect(foreign).toMatchObject({ status: 404 });
  expect((foreign.body as { detail: string }).detail).toBe((absent.body as { detail: string }).detail);
  expect((await ann.get('/auth/me')).status).toBe(200);
  const nobody = createClient(product.url);
  expect((await nobody.get('/auth/sessions')).status).toBe(401);
  expect((await nobody.patch('/auth/me', { displayName: 'X' })).status).toBe(401);
});
