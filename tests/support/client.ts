import { setTimeout as sleep } from 'node:timers/promises';

export type Reply<T> = { status: number; body: T; headers: Headers };

/** A browser's fetch: same-origin headers, a cookie jar. Or a program's, with an API key. */
export type Client = {
  /** Without a trailing slash. */
  origin: string;
  cookies: Map<string, string>;
  /** `path` from the site's root. Redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** `path` below `/api/v1`. The body is parsed JSON, text where it isn't JSON, and null where there is none. */
  get<T = unknown>(path: string, headers?: Record<string, string>): Promise<Reply<T>>;
  post<T = unknown>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply<T>>;
  put<T = unknown>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply<T>>;
  patch<T = unknown>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply<T>>;
  delete<T = unknown>(path: string, headers?: Record<string, string>): Promise<Reply<T>>;
};

export function createClient(origin: string, { apiKey, cookie }: { apiKey?: string; cookie?: string } = {}): Client {
  const cookies = new Map<string, string>();
  if (cookie) keepCookie(cookies, cookie);

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (apiKey) headers.set('Authorization', `Bearer ${apiKey}`);
    if (cookies.size > 0) headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (!apiKey && !headers.has('Origin')) headers.set('Origin', origin);
    if (!apiKey && !headers.has('Sec-Fetch-Site')) headers.set('Sec-Fetch-Site', 'same-origin');
    const response = await fetch(origin + path, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
    return response;
  }

  async function ask<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> {
    const response = await send(`/api/v1${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await readBody(response)) as T, headers: response.headers };
  }

  return {
    origin,
    cookies,
    fetch: send,
    get: (path, headers) => ask('GET', path, undefined, headers),
    post: (path, body, headers) => ask('POST', path, body, headers),
    put: (path, body, headers) => ask('PUT', path, body, headers),
    patch: (path, body, headers) => ask('PATCH', path, body, headers),
    delete: (path, headers) => ask('DELETE', path, undefined, headers),
  };
}

/** Signs in as a person does: asks for the link, opens the mailbox, presses the button. */
export async function signIn(origin: string, email: string): Promise<Client> {
  const client = createClient(origin);
  const token = await requestLink(client, email);
  const verified = await client.post('/auth/verify', { token });
  if (verified.status !== 200) throw unexpected(`${email} could not sign in`, verified);
  return client;
}

/** Asks for a sign-in link and returns the token of the mail that arrives. */
export async function requestLink(client: Client, email: string): Promise<string> {
  const before = (await readMailbox(client, email)).length;
  const asked = await client.post('/auth/magic-link', { email });
  if (asked.status !== 202) throw unexpected(`No sign-in link for ${email}`, asked);
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const mails = await readMailbox(client, email);
    const token = mails.length > before && new URL(mails[0]?.url ?? '').searchParams.get('token');
    if (token) return token;
    await sleep(25);
  }
  throw new Error(`No sign-in mail for ${email} arrived within 15 s.`);
}

type DevMail = { to: string; subject: string; url: string; createdAt: string };

/** What the development mailbox holds for an address, newest first. */
export async function readMailbox(client: Client, email: string): Promise<DevMail[]> {
  const response = await client.fetch('/dev/mailbox.json');
  if (response.status !== 200) throw new Error(`/dev/mailbox.json answered ${response.status}.`);
  const { items } = (await response.json()) as { items: DevMail[] };
  return items.filter((mail) => mail.to === email);
}

/** The error of a helper that needed another answer. */
export function unexpected(what: string, reply: Reply<unknown>): Error {
  return new Error(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`);
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf('='));
  const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
  if (gone) cookies.delete(name);
  else cookies.set(name, pair.slice(pair.indexOf('=') + 1));
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  return /\bjson\b/.test(response.headers.get('Content-Type') ?? '') ? JSON.parse(text) : text;
}
