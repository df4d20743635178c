/**
 * Speaks the part of Supabase Auth's (GoTrue's) HTTP API that signing in by a mailed link needs: `POST /auth/v1/otp` and
 * `POST /auth/v1/verify`, with its headers, statuses and error bodies. Its mails are what the two templates make of
 * `{{ .RedirectTo }}?token={{ .TokenHash }}`.
 */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type IdentityMail = { to: string; url: string; template: 'confirmation' | 'magic_link' };

export type IdentityServer = {
  url: string;
  anonKey: string;
  mails: readonly IdentityMail[];
  /** What it was asked, in order. */
  requests: readonly { path: string; body: Record<string, unknown> }[];
  /** Makes every token that is out expire. */
  expireTokens(): void;
  ban(email: string): void;
  /** `limited`: GoTrue's 60 seconds between two mails; `broken`: 500; `hang`: no answer; `garbage`: 200 with no JSON. */
  behave(how: 'normal' | 'limited' | 'broken' | 'hang' | 'garbage'): void;
  close(): Promise<void>;
};

type Account = {
  id: string;
  email: string;
  confirmed: boolean;
  banned: boolean;
  token: string | null;
  expired: boolean;
};

const ERRORS = {
  no_api_key: [401, 'No API key found in request'],
  validation_failed: [400, 'Verify requires a token or a token hash'],
  otp_expired: [403, 'Email link is invalid or has expired'],
  user_banned: [403, 'User is banned'],
  over_email_send_rate_limit: [429, 'For security purposes, you can only request this after 60 seconds.'],
  unexpected_failure: [500, 'Unexpected failure, please check server logs for more information'],
} as const;

export async function startIdentityServer(): Promise<IdentityServer> {
  const anonKey = 'anon-key-for-tests';
  const accounts = new Map<string, Account>();
  const mails: IdentityMail[] = [];
  const requests: { path: string; body: Record<string, unknown> }[] = [];
  let how: Parameters<IdentityServer['behave']>[0] = 'normal';

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = JSON.parse((await request.setEncoding('utf8').toArray()).join('') || '{}') as Record<string, unknown>;
    requests.push({ path: url.pathname, body });
    if (how === 'hang') return;
    if (request.headers['apikey'] !== anonKey) return refuse(response, 'no_api_key');
    if (how === 'broken') return refuse(response, 'unexpected_failure');
    if (how === 'garbage') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>hello</h1>');
    const route = `${request.method} ${url.pathname}`;
    if (route === 'POST /auth/v1/otp') return otp(url, body, response);
    if (route === 'POST /auth/v1/verify') return verify(body, response);
    response.writeHead(404).end();
  }

  function otp(url: URL, body: Record<string, unknown>, response: ServerResponse): void {
    if (how === 'limited') return refuse(response, 'over_email_send_rate_limit');
    const email = String(body['email']).toLowerCase();
    const account = accounts.get(email) ?? {
      id: randomUUID(),
      email,
      confirmed: false,
      banned: false,
      token: null,
      expired: false,
    };
    accounts.set(email, account);
    // As GoTrue does it: a hash of the address and a six-digit code; a new one replaces the last.
    account.token = createHash('sha224')
      .update(`${email}${randomInt(1e6)}`)
      .digest('hex');
    account.expired = false;
    mails.push({
      to: email,
      url: `${url.searchParams.get('redirect_to') ?? 'http://site.invalid'}?token=${account.token}`,
      template: account.confirmed ? 'magic_link' : 'confirmation',
    });
    send(response, 200, {});
  }

  function verify(body: Record<string, unknown>, response: ServerResponse): void {
    const { type, token_hash: tokenHash } = body;
    if (typeof tokenHash !== 'string' || tokenHash === '' || typeof type !== 'string') {
      return refuse(response, 'validation_failed');
    }
    const account = [...accounts.values()].find(({ token }) => token === tokenHash);
    if (!account || type !== 'email') return refuse(response, 'otp_expired');
    if (account.banned) return refuse(response, 'user_banned');
    if (account.expired) return refuse(response, 'otp_expired');
    account.token = null;
    account.confirmed = true;
    send(response, 200, {
      access_token: 'header.payload.signature',
      token_type: 'bearer',
      expires_in: 3600,
      expires_at: Math.floor(Date.now() / 1000) + 3600,
      refresh_token: randomUUID(),
      user: { id: account.id, aud: 'authenticated', role: 'authenticated', email: account.email, identities: [] },
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    anonKey,
    mails,
    requests,
    expireTokens: () => {
      for (const account of accounts.values()) account.expired = true;
    },
    ban: (email) => {
      const account = accounts.get(email);
      if (account) account.banned = true;
    },
    behave: (next) => void (how = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function refuse(response: ServerResponse, code: keyof typeof ERRORS): void {
  const [status, message] = ERRORS[code];
  send(response, status, { code, message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'X-Supabase-Api-Version': '2024-01-01' })
    .end(JSON.stringify(body));
}
