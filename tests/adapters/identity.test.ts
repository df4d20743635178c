/**
 * One suite for both identity providers: the built-in one with a mail server that keeps what it gets, and Supabase Auth with a
 * local server that speaks its HTTP API. FR-AUTH-001.
 */
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBuiltinIdentity } from '#server/adapters/identity/builtin.ts';
import type { IdentityPort } from '#server/adapters/identity/port.ts';
import { createSupabaseIdentity } from '#server/adapters/identity/supabase.ts';
import { createDevMail } from '#server/adapters/mail/dev.ts';
import { createPool } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import { startIdentityServer, type IdentityServer } from '#tests/support/identity-server.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { createLogger, transports } from 'winston';

const VERIFY_URL = 'https://pantheon.example/sign-in/verify';
const silent = createLogger({ silent: true, transports: [new transports.Console()] });

let db: Pool;
let server: IdentityServer;

beforeAll(async () => {
  db = createPool((await createTestDatabase()).url);
  server = await startIdentityServer();
});
afterAll(async () => {
  await server.close();
  await db.end();
});
beforeEach(() => server.behave('normal'));

async function asked(email: string, redirectTo: string | null = null): Promise<string> {
  const id = newId();
  await db.query(
    `INSERT INTO magic_links (id, email, redirect_to, expires_at) VALUES ($1, $2, $3, now() + interval '15 minutes')`,
    [id, email, redirectTo],
  );
  return id;
}

const providers = {
  builtin: {
    make: () =>
      createBuiltinIdentity({ db, mail: createDevMail({ db, log: silent, appUrl: 'https://pantheon.example' }) }),
    async newestUrl(email: string): Promise<string> {
      const { rows } = await db.query<{ url: string }>(
        'SELECT url FROM dev_mails WHERE "to" = $1 ORDER BY created_at DESC, id DESC LIMIT 1',
        [email],
      );
      return rows[0]?.url ?? '';
    },
  },
  supabase: {
    make: () => createSupabaseIdentity({ db, url: server.url, anonKey: server.anonKey, timeoutMs: 2000 }),
    newestUrl: (email: string) => Promise.resolve(server.mails.findLast((mail) => mail.to === email)?.url ?? ''),
  },
};

describe.each(['builtin', 'supabase'] as const)('the identity provider “%s”', (kind) => {
  let identity: IdentityPort;
  beforeAll(() => {
    identity = providers[kind].make();
  });

  async function linkFor(email: string, redirectTo: string | null = null): Promise<URL> {
    const magicLinkId = await asked(email, redirectTo);
    await identity.sendLink({ magicLinkId, email, verifyUrl: VERIFY_URL });
    return new URL(await providers[kind].newestUrl(email));
  }

  async function tokenFor(email: string, redirectTo: string | null = null): Promise<string> {
    return (await linkFor(email, redirectTo)).searchParams.get('token') ?? '';
  }

  it('says which it is', () => {
    expect(identity.kind).toBe(kind);
  });

  it('mails a link to our page with a token in its query', async () => {
    const link = await linkFor(`link@${kind}.example`);
    expect(link.origin + link.pathname).toBe(VERIFY_URL);
    expect(link.searchParams.get('token')?.length).toBeGreaterThanOrEqual(43);
  });

  it('knows by the token whose address it is and where the person was going', async () => {
    const email = `who@${kind}.example`;
    const token = await tokenFor(email, '/rooms/1?x=2');
    expect(await identity.redeemToken(token)).toEqual({ email, redirectTo: '/rooms/1?x=2' });
  });

  it('knows someone who comes back, with a new token each time', async () => {
    const email = `again@${kind}.example`;
    const first = await tokenFor(email);
    expect(await identity.redeemToken(first)).toEqual({ email, redirectTo: null });
    const second = await tokenFor(email);
    expect(second).not.toBe(first);
    expect(await identity.redeemToken(second)).toEqual({ email, redirectTo: null });
  });

  it('takes a token once', async () => {
    const token = await tokenFor(`once@${kind}.example`);
    await identity.redeemToken(token);
    expect(await identity.redeemToken(token)).toBeNull();
  });

  it('gives one of two who come at once the account, and the other nothing', async () => {
    const token = await tokenFor(`race@${kind}.example`);
    const outcomes = await Promise.all([identity.redeemToken(token), identity.redeemToken(token)]);
    expect(outcomes.filter((outcome) => outcome !== null)).toHaveLength(1);
  });

  it.each(['', 'nonsense', 'x'.repeat(2000), '\u0000'])('takes no token that it never mailed (%#)', async (token) => {
    expect(await identity.redeemToken(token)).toBeNull();
  });

  it('takes no token after 15 minutes', async () => {
    const email = `late@${kind}.example`;
    const token = await tokenFor(email);
    await db.query(`UPDATE magic_links SET expires_at = now() - interval '1 second' WHERE email = $1`, [email]);
    expect(await identity.redeemToken(token)).toBeNull();
  });

  it('notes when the link was mailed, and keeps no token that could be used', async () => {
    const email = `kept@${kind}.example`;
    const token = await tokenFor(email);
    const { rows } = await db.query('SELECT * FROM magic_links WHERE email = $1', [email]);
    expect(rows[0]).toMatchObject({ sent_at: expect.any(Date) as Date, used_at: null });
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe('Supabase Auth', () => {
  const identity = () => providers.supabase.make();

  it('is asked in its own words', async () => {
    const email = 'words@supabase.example';
    await identity().sendLink({ magicLinkId: await asked(email), email, verifyUrl: VERIFY_URL });
    expect(server.requests.at(-1)).toEqual({ path: '/auth/v1/otp', body: { email, create_user: true } });
    expect(server.mails.at(-1)).toMatchObject({ to: email, template: 'confirmation' });
  });

  it('may let a token expire by its own settings', async () => {
    const email = 'own-expiry@supabase.example';
    await identity().sendLink({ magicLinkId: await asked(email), email, verifyUrl: VERIFY_URL });
    const token = new URL(server.mails.at(-1)?.url ?? '').searchParams.get('token') ?? '';
    server.expireTokens();
    expect(await identity().redeemToken(token)).toBeNull();
  });

  it('may refuse an account', async () => {
    const email = 'banned@supabase.example';
    await identity().sendLink({ magicLinkId: await asked(email), email, verifyUrl: VERIFY_URL });
    const token = new URL(server.mails.at(-1)?.url ?? '').searchParams.get('token') ?? '';
    server.ban(email);
    await expect(identity().redeemToken(token)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('limits its mails, which is an error that says when to try again', async () => {
    server.behave('limited');
    const email = 'limited@supabase.example';
    await expect(
      identity().sendLink({ magicLinkId: await asked(email), email, verifyUrl: VERIFY_URL }),
    ).rejects.toMatchObject({ code: 'too_many_requests', options: { retryAfter: 60 } });
  });

  it.each(['broken', 'hang', 'garbage'] as const)(
    'being %s is an error, never a wrong or a right token',
    async (how) => {
      server.behave(how);
      const impatient = createSupabaseIdentity({ db, url: server.url, anonKey: server.anonKey, timeoutMs: 200 });
      await expect(impatient.redeemToken('any')).rejects.toMatchObject({ code: 'unavailable' });
    },
  );

  it('being away is an error too, and the link is not noted as mailed', async () => {
    const email = 'away@supabase.example';
    const magicLinkId = await asked(email);
    const away = createSupabaseIdentity({ db, url: 'http://127.0.0.1:1', anonKey: 'k' });
    await expect(away.sendLink({ magicLinkId, email, verifyUrl: VERIFY_URL })).rejects.toMatchObject({
      code: 'unavailable',
    });
    const { rows } = await db.query('SELECT sent_at FROM magic_links WHERE id = $1', [magicLinkId]);
    expect(rows).toEqual([{ sent_at: null }]);
  });
});
