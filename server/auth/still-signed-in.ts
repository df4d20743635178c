import type { Pool } from 'pg';
import type { Principal } from '#server/auth/contract.ts';

/** Whether a principal from a while ago may still read: its session or key is valid and its user not suspended. */
export type StillSignedIn = (principal: Principal) => Promise<boolean>;

/** Questions of open streams are gathered for this long and asked together. */
const GATHER_MS = 400;

/** However many streams are open, they cost the database two or three statements a second. */
export function createStillSignedIn({ db }: { db: Pool }): StillSignedIn {
  let gathered: { sessions: Set<string>; keys: Set<string>; valid: Promise<Set<string>> } | null = null;

  function gather(): NonNullable<typeof gathered> {
    const sessions = new Set<string>();
    const keys = new Set<string>();
    const valid = new Promise((resolve) => setTimeout(resolve, GATHER_MS)).then(async () => {
      gathered = null;
      const values = [[...sessions], [...keys]];
      const { rows } = await db.query<{ id: string }>({ name: 'still-signed-in', text: VALID, values });
      return new Set(rows.map(({ id }) => id));
    });
    return { sessions, keys, valid };
  }

  return async ({ sessionId, keyId }) => {
    gathered ??= gather();
    const { sessions, keys, valid } = gathered;
    if (sessionId !== null) sessions.add(sessionId);
    if (keyId !== null) keys.add(keyId);
    return (await valid).has(sessionId ?? keyId ?? '');
  };
}

const VALID = `
SELECT t.id FROM sessions t JOIN users u ON u.id = t.user_id
WHERE t.id = ANY($1::uuid[]) AND t.expires_at > now() AND u.deleted_at IS NULL AND u.suspended_at IS NULL
UNION ALL
SELECT k.id FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.id = ANY($2::uuid[]) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
  AND u.deleted_at IS NULL AND u.suspended_at IS NULL`;
