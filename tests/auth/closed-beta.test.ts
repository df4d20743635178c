/** FR-AUTH-001 and FR-AUTH-003 with SIGNUP_MODE=invite, an owner, and a tight limit per IP. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#server/platform/ids.ts';
import { createClient, requestLink, signIn } from '#tests/support/client.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { startServer, type ServerProcess } from '#tests/support/server-process.ts';

type Me = { user: { email: string; role: string } };

let server: ServerProcess;
let db: pg.Pool;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({
    databaseUrl: url,
    env: { SIGNUP_MODE: 'invite', OWNER_EMAIL: 'Boss@example.com', LIMIT_MAGIC_LINK_PER_IP: '6' },
  });
  db = new pg.Pool({ connectionString: url });
  db.on('error', () => undefined);
}, 180_000);
afterAll(async () => {
  await server.close();
  await db.end();
});

describe('the closed beta', () => {
  it('lets nobody in who was not invited, and says so only to who owns the address', async () => {
    const client = createClient(server.url);
    const token = await requestLink(client, 'uninvited@example.com');
    const refused = await client.post('/auth/verify', { token });
    expect(refused).toMatchObject({ status: 403, body: { code: 'invite_required' } });
    const { rows } = await db.query(`SELECT id FROM users WHERE email = 'uninvited@example.com'`);
    expect(rows).toEqual([]);
  });

  it('lets in who was invited, and notes it; once in, they stay', async () => {
    await db.query('INSERT INTO invites (id, email) VALUES ($1, $2)', [newId(), 'invited@example.com']);
    await signIn(server.url, 'invited@example.com');
    const { rows } = await db.query<{ accepted_at: Date | null }>(
      `SELECT accepted_at FROM invites WHERE email = 'invited@example.com'`,
    );
    expect(rows[0]?.accepted_at).toBeInstanceOf(Date);
    await db.query('DELETE FROM invites');
    await signIn(server.url, 'invited@example.com');
  });

  it('lets its owner in, as the owner (FR-AUTH-003)', async () => {
    const owner = await signIn(server.url, 'boss@example.com');
    expect((await owner.get<Me>('/auth/me')).body.user).toMatchObject({ email: 'boss@example.com', role: 'owner' });
  });

  it('limits how many mails one IP may ask for, whatever the addresses', async () => {
    const client = createClient(server.url);
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) {
      statuses.push((await client.post('/auth/magic-link', { email: `many-${n}@example.com` })).status);
    }
    expect(statuses.slice(0, 2)).toEqual([202, 202]);
    expect(statuses.at(-1)).toBe(429);
    const spoofed = await client.post(
      '/auth/magic-link',
      { email: 'x@example.com' },
      { 'X-Forwarded-For': '203.0.113.9' },
    );
    expect(spoofed.status).toBe(429);
  });
});
