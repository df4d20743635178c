import { describe, expect, it } from 'vitest';
import { clearedSessionCookie, readSessionToken, sessionCookie } from '#server/auth/session-cookie.ts';
import type { Env } from '#server/platform/env.ts';

const served = (at: string) => ({ env: { appUrl: at } as Env });

function requestWith(cookie: string): Request {
  return new Request('http://localhost/', { headers: { Cookie: cookie } });
}

describe('the session cookie (FR-AUTH-002)', () => {
  it('is out of reach of scripts and of other sites’ forms, and brings its token back', async () => {
    const header = await sessionCookie(served('http://localhost:3000'), 'a-token');
    expect(header).toMatch(/^pantheon_session=/);
    expect(header).toContain('HttpOnly');
    expect(header).toContain('SameSite=Lax');
    expect(header).toContain('Path=/');
    expect(header).not.toContain('Secure');
    expect(await readSessionToken(requestWith(header.split(';')[0] ?? ''))).toBe('a-token');
  });

  it('travels over HTTPS only where the product is served by HTTPS (NFR-SEC-001)', async () => {
    expect(await sessionCookie(served('https://pantheon.example'), 'a-token')).toContain('Secure');
  });

  it('is forgotten by a browser that signs out', async () => {
    expect(await clearedSessionCookie(served('http://localhost:3000'))).toContain('Max-Age=0');
  });

  it.each(['', 'pantheon_session=', 'pantheon_session=%%%', 'pantheon_session=bnVsbA==', 'other=1'])(
    'is nothing in “%s”',
    async (cookie) => {
      expect(await readSessionToken(requestWith(cookie))).toBeNull();
    },
  );
});
