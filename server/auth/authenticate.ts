import type { App } from '#server/app.ts';
import { SCOPES, type Principal, type Role, type Scope } from '#server/auth/contract.ts';
import { readSessionToken } from '#server/auth/session-cookie.ts';
import { hashToken } from '#server/auth/token.ts';
import { AppError } from '#server/platform/errors.ts';

/** A session ends this long after it was last used. */
export const SESSION_DAYS = 30;

type UserColumns = {
  id: string;
  email: string;
  display_name: string | null;
  suspended: boolean;
  role: Role;
  plan: string | null;
};

/** A user’s plan or null. Wants a `users u` in the FROM clause. The newest paid period counts, were there ever two. */
export const PLAN_OF_USER = `(SELECT s.plan_id FROM subscriptions s
    WHERE s.user_id = u.id AND s.status IN ('active', 'trialing')
      AND (s.current_period_end IS NULL OR s.current_period_end > now())
    ORDER BY s.current_period_end DESC NULLS LAST LIMIT 1)`;

const USER_COLUMNS = `u.id, u.email, u.display_name, u.suspended_at IS NOT NULL AS suspended,
  coalesce(a.role_id, 'user') AS role,
  ${PLAN_OF_USER} AS plan`;

/**
 * Who asks: the bearer of an API key (`X-Api-Key` is how LangGraph’s clients bring it), else the owner of the session cookie,
 * else null. One query; a second one notes
 * that the session or key was used, at most once a minute. A bearer key that is not valid throws `unauthenticated`
 * rather than falling back to the cookie, so that a program learns that its key is gone.
 */
export async function authenticate(app: Pick<App, 'db'>, request: Request): Promise<Principal | null> {
  const bearer = /^Bearer(?:\s+(.*))?$/i.exec(request.headers.get('Authorization') ?? '');
  const key = bearer ? (bearer[1] ?? '') : request.headers.get('X-Api-Key');
  if (key !== null) return authenticateKey(app, key.trim());
  const token = await readSessionToken(request);
  return token === null ? null : authenticateSession(app, token);
}

/** The principal of a session token, or null when the session is unknown, ended or its user deleted. */
export async function authenticateSession({ db }: Pick<App, 'db'>, token: string): Promise<Principal | null> {
  const { rows } = await db.query<UserColumns & { session_id: string; stale: boolean }>({
    name: 'authenticate-session',
    text: `SELECT t.id AS session_id, t.last_seen_at < now() - interval '1 minute' AS stale, ${USER_COLUMNS}
     FROM sessions t
     JOIN users u ON u.id = t.user_id AND u.deleted_at IS NULL
     LEFT JOIN admin_users a ON a.user_id = u.id
     WHERE t.token_hash = $1 AND t.expires_at > now()`,
    values: [hashToken(token)],
  });
  const row = rows[0];
  if (!row) return null;
  if (row.stale) {
    await db.query(
      `UPDATE sessions SET last_seen_at = now(), expires_at = now() + make_interval(days => $2)
       WHERE id = $1 AND last_seen_at < now() - interval '1 minute'`,
      [row.session_id, SESSION_DAYS],
    );
  }
  return { user: userOf(row), scopes: SCOPES, via: 'cookie', sessionId: row.session_id, keyId: null };
}

async function authenticateKey({ db }: Pick<App, 'db'>, key: string): Promise<Principal> {
  const { rows } = await db.query<UserColumns & { key_id: string; scopes: Scope[]; stale: boolean }>({
    name: 'authenticate-key',
    text: `SELECT k.id AS key_id, k.scopes, k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS stale,
       ${USER_COLUMNS}
     FROM api_keys k
     JOIN users u ON u.id = k.user_id AND u.deleted_at IS NULL
     LEFT JOIN admin_users a ON a.user_id = u.id
     WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
    values: [hashToken(key)],
  });
  const row = rows[0];
  if (!row) throw new AppError('unauthenticated', 'The API key is not valid: it is unknown, revoked or has expired.');
  if (row.stale) {
    await db.query(
      `UPDATE api_keys SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [row.key_id],
    );
  }
  return { user: userOf(row), scopes: row.scopes, via: 'key', sessionId: null, keyId: row.key_id };
}

function userOf(row: UserColumns): Principal['user'] {
  const { id, email, display_name: displayName, role, plan, suspended } = row;
  return { id, email, ...(displayName === null ? {} : { displayName }), role, plan, suspended };
}
