import { describe, expect, it } from 'vitest';
import type { Principal, Role } from '#server/auth/contract.ts';
import { findPageUser, requireAdminPage, requirePageUser } from '#server/auth/require-user.ts';
import { AppError } from '#server/platform/errors.ts';

function principal(role: Role, suspended = false): Principal {
  const user = { id: '0197f1f0-0000-7000-8000-000000000000', email: 'ann@example.com', role, plan: null, suspended };
  return { user, scopes: ['read', 'write', 'admin'], via: 'cookie', sessionId: null, keyId: null };
}

const as = (found: Principal | null) => ({ requestId: 'r', authenticate: () => Promise.resolve(found) });
const look = new Request('http://localhost/rooms/1?tab=files');
const change = new Request('http://localhost/rooms/1?tab=files', { method: 'POST' });

/** The Response that a guard throws, as status and either where it leads or its code. */
async function refusal(attempt: Promise<unknown>): Promise<unknown[]> {
  const thrown: unknown = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Response)) throw new Error('no Response was thrown');
  const location = thrown.headers.get('Location');
  return [thrown.status, location ?? ((await thrown.json()) as { code: string }).code];
}

describe('a page for signed-in people (FR-AUTH-002)', () => {
  it('sends anyone else to sign in, and back to where they were', async () => {
    const nobody = as(null);
    expect(await refusal(requirePageUser(nobody, look))).toEqual([
      302,
      '/sign-in?redirectTo=%2Frooms%2F1%3Ftab%3Dfiles',
    ]);
    expect(await refusal(requirePageUser(nobody, change))).toEqual([302, '/sign-in?redirectTo=%2Frooms%2F1']);
    expect(await requirePageUser(as(principal('user')), look)).toEqual(principal('user'));
  });

  it('lets a suspended user look and change nothing but what is allowed to them', async () => {
    const suspended = as(principal('user', true));
    expect((await requirePageUser(suspended, look)).user.suspended).toBe(true);
    expect(await refusal(requirePageUser(suspended, change))).toEqual([403, 'suspended']);
    expect((await requirePageUser(suspended, change, { allowSuspended: true })).user.suspended).toBe(true);
  });

  it('takes a bearer key that is not valid for nobody', async () => {
    const authenticate = () => Promise.reject(new AppError('unauthenticated', 'The API key is not valid.'));
    expect(await findPageUser({ authenticate })).toBeNull();
    await expect(findPageUser({ authenticate: () => Promise.reject(new Error('down')) })).rejects.toThrow('down');
  });
});

describe('an admin page (FR-AUTH-003)', () => {
  it('is not there for users, readable for analysts, and changeable for owners', async () => {
    expect(await refusal(requireAdminPage(as(null), look))).toEqual([302, expect.stringContaining('/sign-in')]);
    expect(await refusal(requireAdminPage(as(principal('user')), look))).toEqual([404, 'not_found']);
    expect(await refusal(requireAdminPage(as(principal('user')), change))).toEqual([404, 'not_found']);
    expect((await requireAdminPage(as(principal('analyst')), look)).user.role).toBe('analyst');
    expect(await refusal(requireAdminPage(as(principal('analyst')), change))).toEqual([403, 'owner_required']);
    expect((await requireAdminPage(as(principal('owner')), change)).user.role).toBe('owner');
    expect(await refusal(requireAdminPage(as(principal('owner', true)), change))).toEqual([403, 'suspended']);
  });
});
