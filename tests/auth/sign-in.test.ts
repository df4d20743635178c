/** FR-AUTH-001 and FR-AUTH-002 over HTTP, on the server as it is started for real. */
import { request as httpRequest } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, readMailbox, requestLink, signIn, type Client } from '#tests/support/client.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { startServer, type ServerProcess } from '#tests/support/server-process.ts';

type Problem = { code: string; status: number; detail: string; errors?: { path: string; message: string }[] };
type Me = { user: { id: string; email: string; role: string; plan: string | null; suspended: boolean } };

let server: ServerProcess;
let db: pg.Pool;
const tokens: string[] = [];

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({ databaseUrl: url, env: { LIMIT_MAGIC_LINK_PER_IP: '1000', LOG_LEVEL: 'debug' } });
  db = new pg.Pool({ connectionString: url });
  db.on('error', () => undefined);
}, 180_000);
afterAll(async () => {
  await server.close();
  await db.end();
});

/** Asks for a link like `requestLink`, and remembers the token for the look through the logs. */
async function linkTo(client: Client, email: string): Promise<string> {
  const token = await requestLink(client, email);
  tokens.push(token);
  return token;
}

async function post(client: Client, path: string, fields: Record<string, string>): Promise<Response> {
  return client.fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
}

describe('asking for a sign-in link (FR-AUTH-001)', () => {
  it('answers 202 with the same nothing for known, unknown and suspended addresses', async () => {
    await signIn(server.url, 'known@example.com');
    await signIn(server.url, 'suspended@example.com');
    await db.query(`UPDATE users SET suspended_at = now() WHERE email = 'suspended@example.com'`);
    for (const email of ['known@example.com', 'unknown@example.com', 'suspended@example.com']) {
      const asked = await createClient(server.url).post('/auth/magic-link', { email });
      expect(asked).toMatchObject({ status: 202, body: null });
    }
  });

  it('says what is wrong with an address, at its field', async () => {
    const client = createClient(server.url);
    for (const body of [
      {},
      { email: '' },
      { email: 'ann' },
      { email: 7 },
      { email: `${'a'.repeat(250)}@example.com` },
    ]) {
      const refused = await client.post<Problem>('/auth/magic-link', body);
      expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input', errors: [{ path: 'email' }] } });
    }
    const malformed = await client.fetch('/api/v1/auth/magic-link', { method: 'POST', body: '{' });
    expect(malformed.status).toBe(400);
  });

  it('takes an address in any case and with spaces around it as the same person', async () => {
    const client = createClient(server.url);
    const asked = await client.post('/auth/magic-link', { email: '  Case@Example.COM ' });
    expect(asked.status).toBe(202);
    await expect.poll(async () => (await readMailbox(client, 'case@example.com')).length, { timeout: 5000 }).toBe(1);
  });

  it('limits an address to five mails in 15 minutes, known or not, and says how long to wait', async () => {
    const client = createClient(server.url);
    for (let n = 0; n < 5; n++) {
      expect((await client.post('/auth/magic-link', { email: 'eager@example.com' })).status).toBe(202);
    }
    const refused = await client.post<Problem>('/auth/magic-link', { email: 'EAGER@example.com' });
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    const wait = Number(refused.headers.get('Retry-After'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(900);
    expect((await client.post('/auth/magic-link', { email: 'patient@example.com' })).status).toBe(202);
  });

  it('mails a link to the configured origin, whatever Host the request had', async () => {
    const email = 'host@example.com';
    const status = await new Promise<number>((resolve, reject) => {
      const body = JSON.stringify({ email });
      httpRequest(
        `${server.url}/api/v1/auth/magic-link`,
        {
          method: 'POST',
          headers: {
            Host: 'evil.example',
            'X-Forwarded-Host': 'evil.example',
            'X-Forwarded-Proto': 'https',
            'Content-Type': 'application/json',
            'Content-Length': Buffer.byteLength(body),
          },
        },
        (response) => resolve(response.resume().statusCode ?? 0),
      )
        .on('error', reject)
        .end(body);
    });
    const client = createClient(server.url);
    // Refused, or harmless.
    if (status === 202) await linkArrives(client, email);
    else expect(status).toBeGreaterThanOrEqual(400);
    await linkTo(client, email);
    for (const mail of await readMailbox(client, email)) expect(new URL(mail.url).origin).toBe(server.url);
  });

  it('keeps the token out of the database, the jobs and the logs', async () => {
    const client = createClient(server.url);
    const token = await linkTo(client, 'secret@example.com');
    const { rows } = await db.query<{ everything: string }>(
      `SELECT (SELECT json_agg(m) FROM magic_links m)::text || (SELECT coalesce(json_agg(j), '[]') FROM pgboss.job j)::text AS everything`,
    );
    expect(rows[0]?.everything).toContain('secret@example.com');
    expect(rows[0]?.everything).not.toContain(token);
  });
});

async function linkArrives(client: Client, email: string): Promise<void> {
  await expect.poll(async () => (await readMailbox(client, email)).length, { timeout: 5000 }).toBeGreaterThan(0);
}

describe('the mailed link (FR-AUTH-001)', () => {
  it('is not spent by opening it, as mail scanners do; its page says nothing to other sites or caches', async () => {
    const client = createClient(server.url);
    const token = await linkTo(client, 'scanned@example.com');
    for (let n = 0; n < 3; n++) {
      const page = await createClient(server.url).fetch(`/sign-in/verify?token=${token}`);
      expect(page.status).toBe(200);
      expect(page.headers.get('Referrer-Policy')).toMatch(/strict-origin$/);
      expect(page.headers.get('Cache-Control')).toContain('no-store');
      expect(page.headers.getSetCookie()).toEqual([]);
      expect(await page.text()).toMatch(/<form method="post" action="\/sign-in\/verify"/);
    }
    expect((await client.post('/auth/verify', { token })).status).toBe(200);
  });

  it('signs in by the page’s button, which the audit log tells of, and leads to where the person was going (NFR-SEC-005)', async () => {
    const client = createClient(server.url);
    await post(client, '/sign-in', { email: 'going@example.com', redirectTo: '/rooms/x?tab=1' });
    await linkArrives(client, 'going@example.com');
    const url = new URL((await readMailbox(client, 'going@example.com'))[0]?.url ?? '');
    const token = url.searchParams.get('token') ?? '';
    tokens.push(token);
    const pressed = await post(client, '/sign-in/verify', { token });
    expect(pressed.status).toBe(302);
    expect(pressed.headers.get('Location')).toBe('/rooms/x?tab=1');
    const { user } = (await client.get<Me>('/auth/me')).body;
    expect(user.email).toBe('going@example.com');
    const { rows } = await db.query('SELECT action FROM admin_audit_logs WHERE actor_id = $1', [user.id]);
    expect(rows).toEqual([{ action: 'user.sign_in' }]);
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/.//evil.example'])(
    'never leads off the site (%s)',
    async (redirectTo) => {
      const client = createClient(server.url);
      const email = `off-${Buffer.from(redirectTo).toString('hex')}@example.com`;
      expect((await client.post('/auth/magic-link', { email, redirectTo })).status).toBe(202);
      await linkArrives(client, email);
      const token = new URL((await readMailbox(client, email))[0]?.url ?? '').searchParams.get('token') ?? '';
      expect((await post(client, '/sign-in/verify', { token })).headers.get('Location')).toBe('/');
    },
  );

  it('makes the account and its wallet on the first sign-in, and finds them again on the next', async () => {
    const first = await signIn(server.url, 'first@example.com');
    const second = await signIn(server.url, 'first@example.com');
    const [one, two] = [await first.get<Me>('/auth/me'), await second.get<Me>('/auth/me')];
    expect(one.body).toEqual({
      user: { id: one.body.user.id, email: 'first@example.com', role: 'user', plan: null, suspended: false },
    });
    expect(two.body).toEqual(one.body);
    const { rows } = await db.query('SELECT count(*)::int AS wallets FROM credit_wallets WHERE user_id = $1', [
      one.body.user.id,
    ]);
    expect(rows).toEqual([{ wallets: 1 }]);
  });

  it('makes one account of two first sign-ins at once', async () => {
    const client = createClient(server.url);
    const links = [await linkTo(client, 'twins@example.com'), await linkTo(client, 'twins@example.com')];
    const both = await Promise.all(links.map((token) => createClient(server.url).post<Me>('/auth/verify', { token })));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(both[0]?.body.user.id).toBe(both[1]?.body.user.id);
  });

  it('works once: a second use is 410, and of two at once one wins', async () => {
    const client = createClient(server.url);
    const token = await linkTo(client, 'once@example.com');
    const both = await Promise.all([1, 2].map(() => createClient(server.url).post('/auth/verify', { token })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
    const again = await client.post<Problem>('/auth/verify', { token });
    expect(again).toMatchObject({ status: 410, body: { code: 'link_spent' } });
    const { rows } = await db.query(
      `SELECT count(*)::int AS sessions FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = 'once@example.com'`,
    );
    expect(rows).toEqual([{ sessions: 1 }]);
  });

  it('works for 15 minutes; late, unknown and malformed tokens are the same 410', async () => {
    const client = createClient(server.url);
    const token = await linkTo(client, 'late@example.com');
    const { rows } = await db.query<{ minutes: number }>(
      `SELECT round(extract(epoch FROM expires_at - sent_at) / 60)::int AS minutes FROM magic_links WHERE email = 'late@example.com'`,
    );
    expect(rows).toEqual([{ minutes: 15 }]);
    await db.query(`UPDATE magic_links SET expires_at = now() WHERE email = 'late@example.com'`);
    const answers = [];
    for (const wrong of [token, 'unknown', `${token}x`, '\u0000']) {
      const { status, body } = await client.post<Problem>('/auth/verify', { token: wrong });
      answers.push([status, body.code, body.detail]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject([410, 'link_spent', expect.any(String)]);
    const page = await post(client, '/sign-in/verify', { token });
    expect(page.status).toBe(410);
    expect(await page.text()).toContain('Ask for a new link');
  });
});

describe('a session (FR-AUTH-002)', () => {
  it('is new with every sign-in, and the one that the browser had before is worth nothing', async () => {
    const client = await signIn(server.url, 'rotates@example.com');
    const planted = client.cookies.get('pantheon_session') ?? '';
    const token = await linkTo(client, 'rotates@example.com');
    await client.post('/auth/verify', { token });
    expect(client.cookies.get('pantheon_session')).not.toBe(planted);
    const old = createClient(server.url, { cookie: `pantheon_session=${planted}` });
    expect((await old.get('/auth/me')).status).toBe(401);
    expect((await client.get('/auth/me')).status).toBe(200);
  });

  it('has a cookie that scripts and other sites’ forms can’t use', async () => {
    const client = createClient(server.url);
    const token = await linkTo(client, 'cookie@example.com');
    const verified = await client.post('/auth/verify', { token });
    expect(verified.headers.get('Set-Cookie')).toMatch(/^pantheon_session=[^;]+; .*HttpOnly/);
    expect(verified.headers.get('Set-Cookie')).toMatch(/SameSite=Lax/);
    expect(verified.headers.get('Cache-Control')).toContain('no-store');
  });

  it('ends on the server at sign-out, by the API and by the page’s button', async () => {
    const client = await signIn(server.url, 'leaves@example.com');
    const cookie = `pantheon_session=${client.cookies.get('pantheon_session') ?? ''}`;
    expect((await client.post('/auth/logout')).status).toBe(204);
    expect(client.cookies.has('pantheon_session')).toBe(false);
    expect((await createClient(server.url, { cookie }).get('/auth/me')).status).toBe(401);

    const other = await signIn(server.url, 'leaves@example.com');
    const stolen = createClient(server.url, {
      cookie: `pantheon_session=${other.cookies.get('pantheon_session') ?? ''}`,
    });
    expect((await other.fetch('/sign-out')).headers.get('Location')).toBe('/');
    expect((await other.get('/auth/me')).status).toBe(200);
    expect((await post(other, '/sign-out', {})).headers.get('Location')).toBe('/sign-in');
    expect((await stolen.get('/auth/me')).status).toBe(401);
  });

  it('of a suspended user reads and signs out, and nothing else', async () => {
    const client = await signIn(server.url, 'stopped@example.com');
    await db.query(`UPDATE users SET suspended_at = now() WHERE email = 'stopped@example.com'`);
    expect((await client.get<Me>('/auth/me')).body.user.suspended).toBe(true);
    expect((await client.get('/api-keys')).status).toBe(200);
    const change = await client.post<Problem>('/api-keys', { name: '' });
    expect(change).toMatchObject({ status: 403, body: { code: 'suspended' } });
    expect((await client.post('/auth/logout')).status).toBe(204);
    const back = await signIn(server.url, 'stopped@example.com');
    expect((await back.get<Me>('/auth/me')).body.user.suspended).toBe(true);
  });

  it('is refused from another site, before anything else is looked at', async () => {
    const client = await signIn(server.url, 'crossed@example.com');
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    const refused = await client.post<Problem>('/auth/logout', undefined, headers);
    expect(refused).toMatchObject({ status: 403, body: { code: 'cross_site' } });
    expect((await client.get('/auth/me')).status).toBe(200);
  });

  it('nobody has: 401 with a problem document, and pages lead to sign-in', async () => {
    const refused = await createClient(server.url).get<Problem>('/auth/me');
    expect(refused).toMatchObject({ status: 401, body: { code: 'unauthenticated', status: 401 } });
    expect(refused.headers.get('Content-Type')).toBe('application/problem+json');
    expect((await createClient(server.url).post('/auth/logout')).status).toBe(401);
  });
});

describe('an API key', () => {
  it('is made and revoked over HTTP, and acts for its user within its scopes', async () => {
    const client = await signIn(server.url, 'keys@example.com');
    const made = await client.post<{ apiKey: { id: string }; key: string }>('/api-keys', {
      name: 'CI',
      scopes: ['read'],
    });
    expect(made.status).toBe(201);
    tokens.push(made.body.key);
    const program = createClient(server.url, { apiKey: made.body.key });
    expect((await program.get<Me>('/auth/me')).body.user.email).toBe('keys@example.com');
    const beyond = await program.post<Problem>('/api-keys', { name: 'more', scopes: ['read'] });
    expect(beyond).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
    const stranger = await signIn(server.url, 'stranger@example.com');
    const foreign = await stranger.delete<Problem>(`/api-keys/${made.body.apiKey.id}`);
    const absent = await stranger.delete<Problem>('/api-keys/0197f1f0-0000-7000-8000-000000000000');
    const noId = await stranger.delete<Problem>('/api-keys/nothing');
    expect([foreign.status, absent.status, noId.status]).toEqual([404, 404, 404]);
    expect(new Set([foreign.body.detail, absent.body.detail, noId.body.detail]).size).toBe(1);
    expect((await client.delete(`/api-keys/${made.body.apiKey.id}`)).status).toBe(204);
    expect((await program.get('/auth/me')).status).toBe(401);
  });
});

describe('the development mailbox', () => {
  it('shows the newest mail first, to programs and to people', async () => {
    const client = createClient(server.url);
    await linkTo(client, 'reader@example.com');
    await linkTo(client, 'reader@example.com');
    const { items } = (await (await client.fetch('/dev/mailbox.json')).json()) as {
      items: { to: string; subject: string; url: string; createdAt: string }[];
    };
    expect(items[0]?.to).toBe('reader@example.com');
    expect(items.map(({ createdAt }) => createdAt)).toEqual(
      items
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    const page = await (await client.fetch('/dev/mailbox')).text();
    expect(page).toContain('reader@example.com');
  });
});

it('no token was ever printed', () => {
  const printed = server.logs.join('\n');
  expect(tokens.length).toBeGreaterThan(5);
  for (const token of tokens) expect(printed).not.toContain(token);
});
