import { createCookie } from '@remix-run/node';
import type { App } from '#server/app.ts';

const NAME = 'pantheon_session';

/** The row decides when a session ends, so the cookie only has to outlive it: 400 days is the most that browsers keep. */
const MAX_AGE_SECONDS = 400 * 24 * 3600;

/** The session token that a request carries, or null. Says nothing about whether it is worth anything. */
export async function readSessionToken(request: Request): Promise<string | null> {
  const value: unknown = await createCookie(NAME).parse(request.headers.get('Cookie'));
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The Set-Cookie header that signs a browser in. */
export async function sessionCookie(app: Pick<App, 'env'>, token: string): Promise<string> {
  return cookieFor(app).serialize(token, { maxAge: MAX_AGE_SECONDS });
}

/** The Set-Cookie header that makes a browser forget its session. */
export async function clearedSessionCookie(app: Pick<App, 'env'>): Promise<string> {
  return cookieFor(app).serialize('', { maxAge: 0, expires: new Date(0) });
}

function cookieFor({ env }: Pick<App, 'env'>) {
  return createCookie(NAME, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: new URL(env.appUrl).protocol === 'https:',
  });
}
