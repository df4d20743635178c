/** FR-AUTH-002, FR-AUTH-003: who a request is from, and what that costs. */
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticate } from '#server/auth/authenticate.ts';
import type { Scope } from '#server/auth/contract.ts';
import { createApiKey } from '#server/auth/create-api-key.ts';
import { findApiKeys } from '#server/auth/find-api-keys.ts';
import { forgetSignIns } from '#server/auth/forget-sign-ins.ts';
import { revokeApiKey } from '#server/auth/revoke-api-key.ts';
import { sessionCookie } from '#server/auth/session-cookie.ts';
import { signOut } from '#server/auth/sign-out.ts';
import { signOutElsewhere } from '#server/auth/sign-out-elsewhere.ts';
import { hashToken, newToken } from '#server/auth/token.ts';
import { createPrisma } from '#server/platform/create-prisma.ts';
import { createPool } from '#server/platform/db.ts';
import type { Env } from '#server/platform/env.ts';
import { newId } from '#server/platform/ids.ts';
import type { PrismaClient } from '#server/platform/prisma/client.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

const env = { appUrl: 'http://localhost:3000' } as Env;

let db: Pool;
let prisma: PrismaClient;
beforeAll(async () => {
  db = createPool((await createTestDatabase()).url);
  prisma = createPrisma(db);
});
afterAll(async () => {
  await prisma.$disconnect();
  await db.end();
});

async function newUser(): Promise<string> {
  const id = newId();
  await prisma.user.create({ data: { id, email: `${id}@example.com` } });
  return id;
}

async function newSession(userId: string): Promise<{ id: string; request: Request }> {
  const [id, token] = [newId(), newToken()];
  await prisma.session.create({
    data: { id, userId, tokenHash: hashToken(token), expiresAt: new Date(Date.now() + 86_400_000) },
  });
  const cookie = (await sessionCookie({ env }, token)).split(';')[0] ?? '';
  return { id, request: new Request('http://localhost/', { headers: { Cookie: cookie } }) };
}

async function newKey(userId: string, scopes: Scope[] = ['read'], expiresAt: string | null = null) {
  const principal = { user: { id: userId }, scopes: ['read', 'write', 'admin'] } as never;
  const made = await createApiKey({ prisma }, { principal, input: { name: 'CI', scopes, expiresAt } });
  return { ...made, request: withKey(made.key) };
}

function withKey(key: string): Request {
  return new Request('http://localhost/', { headers: { Authorization: `Bearer ${key}` } });
}

describe('a session (FR-AUTH-002)', () => {
  it('is who it was made for, with every scope', async () => {
    const userId = await newUser();
    const { id, request } = await newSession(userId);
    expect(await authenticate({ db }, request)).toEqual({
      user: { id: userId, email: `${userId}@example.com`, role: 'user', plan: null, suspended: false },
      scopes: ['read', 'write', 'admin'],
      via: 'cookie',
      sessionId: id,
      keyId: null,
    });
  });

  it('is nobody without a cookie, with a made-up one, once it has ended, and once its user is deleted', async () => {
    expect(await authenticate({ db }, new Request('http://localhost/'))).toBeNull();
    const cookie = (await sessionCookie({ env }, newToken())).split(';')[0] ?? '';
    expect(await authenticate({ db }, new Request('http://localhost/', { headers: { Cookie: cookie } }))).toBeNull();

    const ended = await newSession(await newUser());
    await db.query(`UPDATE sessions SET expires_at = now() WHERE id = $1`, [ended.id]);
    expect(await authenticate({ db }, ended.request)).toBeNull();

    const userId = await newUser();
    const orphaned = await newSession(userId);
    await db.query('UPDATE users SET deleted_at = now() WHERE id = $1', [userId]);
    expect(await authenticate({ db }, orphaned.request)).toBeNull();
  });

  it('shows the role, the plan that is paid for now, and a suspension, all at once', async () => {
    const userId = await newUser();
    const { request } = await newSession(userId);
    await prisma.adminUser.create({ data: { userId, roleId: 'analyst' } });
    await prisma.subscription.createMany({
      data: [
        { id: newId(), userId, planId: 'pro', status: 'active', currentPeriodEnd: new Date(Date.now() + 86_400_000) },
        { id: newId(), userId, planId: 'power', status: 'active', currentPeriodEnd: new Date(Date.now() - 1000) },
        { id: newId(), userId, planId: 'power', status: 'canceled', currentPeriodEnd: new Date(Date.now() + 9e7) },
      ],
    });
    await db.query('UPDATE users SET suspended_at = now() WHERE id = $1', [userId]);
    expect((await authenticate({ db }, request))?.user).toMatchObject({
      role: 'analyst',
      plan: 'pro',
      suspended: true,
    });
  });

  it('goes on for 30 days after its last use, which is noted once a minute', async () => {
    const { id, request } = await newSession(await newUser());
    const look = async () =>
      (
        await db.query<{ last_seen_at: Date; days: number }>(
          `SELECT last_seen_at, round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM sessions WHERE id = $1`,
          [id],
        )
      ).rows[0];
    const before = await look();
    await authenticate({ db }, request);
    expect(await look()).toEqual(before);
    await db.query(`UPDATE sessions SET last_seen_at = now() - interval '2 minutes' WHERE id = $1`, [id]);
    await authenticate({ db }, request);
    expect((await look())?.days).toBe(30);
  });

  it('ends for good when its user signs out, and all others at a word', async () => {
    const userId = await newUser();
    const [here, there, elsewhere] = await Promise.all([newSession(userId), newSession(userId), newSession(userId)]);
    const other = await newSession(await newUser());
    await signOut({ prisma }, { sessionId: there.id });
    expect(await authenticate({ db }, there.request)).toBeNull();
    expect(await signOutElsewhere({ prisma }, { userId, exceptSessionId: here.id })).toEqual({ ended: 1 });
    expect(await authenticate({ db }, elsewhere.request)).toBeNull();
    expect(await authenticate({ db }, here.request)).not.toBeNull();
    expect(await authenticate({ db }, other.request)).not.toBeNull();
  });

  it('leaves nothing behind once it has ended', async () => {
    const [ended, running] = [await newSession(await newUser()), await newSession(await newUser())];
    await db.query(`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = $1`, [ended.id]);
    await db.query(`INSERT INTO rate_limits (key, points, expire) VALUES ('old', 1, 1), ('new', 1, 99999999999999)`);
    await forgetSignIns({ db });
    const { rows } = await db.query('SELECT id FROM sessions WHERE id = ANY($1)', [[ended.id, running.id]]);
    expect(rows).toEqual([{ id: running.id }]);
    expect((await db.query('SELECT key FROM rate_limits')).rows).toEqual([{ key: 'new' }]);
  });
});

describe('an API key', () => {
  it('is its user, with its own scopes and no session', async () => {
    const userId = await newUser();
    const { request } = await newKey(userId, ['read', 'write']);
    expect(await authenticate({ db }, request)).toMatchObject({
      user: { id: userId },
      scopes: ['read', 'write'],
      via: 'key',
      sessionId: null,
    });
  });

  it('is shown once and kept as a hash', async () => {
    const userId = await newUser();
    const { apiKey, key } = await newKey(userId);
    expect(key.startsWith(apiKey.prefix)).toBe(true);
    const { rows } = await db.query('SELECT * FROM api_keys WHERE user_id = $1', [userId]);
    expect(JSON.stringify(rows)).not.toContain(key);
    const page = await findApiKeys({ prisma }, { userId, limit: 50 });
    expect(page).toEqual({ items: [apiKey], nextCursor: null });
  });

  it('that is unknown, revoked or expired is refused, even beside a good cookie', async () => {
    const userId = await newUser();
    const revoked = await newKey(userId);
    await revokeApiKey({ prisma }, { apiKeyId: revoked.apiKey.id });
    const expired = await newKey(userId);
    await db.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [expired.apiKey.id]);
    const beside = withKey('pan_unknown');
    beside.headers.set('Cookie', (await newSession(userId)).request.headers.get('Cookie') ?? '');
    for (const request of [withKey('pan_unknown'), withKey(''), revoked.request, expired.request, beside]) {
      await expect(authenticate({ db }, request)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    expect((await findApiKeys({ prisma }, { userId, limit: 50 })).items.map(({ id }) => id)).toEqual([
      expired.apiKey.id,
    ]);
  });

  it('notes its use at most once a minute', async () => {
    const { apiKey, request } = await newKey(await newUser());
    const lastUsed = async () =>
      (await prisma.apiKey.findUniqueOrThrow({ where: { id: apiKey.id } })).lastUsedAt?.toISOString();
    expect(await lastUsed()).toBeUndefined();
    await authenticate({ db }, request);
    const first = await lastUsed();
    expect(first).toBeDefined();
    await authenticate({ db }, request);
    expect(await lastUsed()).toBe(first);
  });

  it('can’t make a key that may do more than itself', async () => {
    const principal = { user: { id: await newUser() }, scopes: ['read', 'write'] } as never;
    await expect(
      createApiKey({ prisma }, { principal, input: { name: 'x', scopes: ['admin'] } }),
    ).rejects.toMatchObject({ code: 'scope_missing' });
  });

  it('is listed page by page, newest first', async () => {
    const userId = await newUser();
    const made = [await newKey(userId), await newKey(userId), await newKey(userId)].map(({ apiKey }) => apiKey.id);
    const first = await findApiKeys({ prisma }, { userId, limit: 2 });
    const second = await findApiKeys({ prisma }, { userId, limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.reverse());
    expect(second.nextCursor).toBeNull();
  });
});
