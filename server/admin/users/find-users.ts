import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { AdminUser, UserFilter } from '#server/admin/contract.ts';
import { PLAN_OF_USER } from '#server/auth/authenticate.ts';
import { decodeCursor, encodeCursor, type Page, type PageQuery } from '#server/http/page.ts';
import type { Tx } from '#server/platform/db.ts';
import { notFound } from '#server/platform/errors.ts';

type Row = Omit<AdminUser, 'suspendedAt' | 'createdAt' | 'lastSeenAt'> & {
  suspendedAt: Date | null;
  createdAt: Date;
  lastSeenAt: Date | null;
};

const SELECT = `SELECT u.id, u.email, coalesce(a.role_id, 'user') AS role, ${PLAN_OF_USER} AS plan,
    u.suspended_at IS NOT NULL AS suspended, u.suspended_at AS "suspendedAt",
    u.monthly_cap_micro_credits::text AS "monthlyCapMicroCredits",
    coalesce(w.available_micro_credits + w.held_micro_credits, 0)::text AS "balanceMicroCredits",
    coalesce(w.debt_micro_credits, 0)::text AS "debtMicroCredits", u.created_at AS "createdAt",
    (SELECT max(t.last_seen_at) FROM sessions t WHERE t.user_id = u.id) AS "lastSeenAt"
  FROM users u LEFT JOIN admin_users a ON a.user_id = u.id LEFT JOIN credit_wallets w ON w.user_id = u.id
  WHERE u.deleted_at IS NULL`;

/** Everybody who has an account, the newest first. */
export async function findUsers(
  { db }: Pick<App, 'db'>,
  { cursor, limit, q, role, suspended }: UserFilter & PageQuery,
): Promise<Page<AdminUser>> {
  const before = decodeCursor(z.guid(), cursor);
  const id = z.guid().safeParse(q).success ? q : null;
  const email = q && id === null ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : null;
  const { rows } = await db.query<Row>(
    `${SELECT} AND ($1::uuid IS NULL OR u.id < $1) AND ($2::uuid IS NULL OR u.id = $2)
       AND ($3::text IS NULL OR u.email ILIKE $3) AND ($4::text IS NULL OR coalesce(a.role_id, 'user') = $4)
       AND ($5::boolean IS NULL OR (u.suspended_at IS NOT NULL) = $5)
     ORDER BY u.id DESC LIMIT $6`,
    [before, id, email, role ?? null, suspended === undefined ? null : suspended === 'true', limit + 1],
  );
  const items = rows.slice(0, limit).map(present);
  return { items, nextCursor: rows.length > limit ? encodeCursor(items.at(-1)?.id) : null };
}

/** Throws `not_found` for who is absent or deleted. */
export async function getUser({ db }: { db: Tx }, userId: string): Promise<AdminUser> {
  if (!z.guid().safeParse(userId).success) throw notFound();
  const { rows } = await db.query<Row>(`${SELECT} AND u.id = $1`, [userId]);
  if (!rows[0]) throw notFound();
  return present(rows[0]);
}

function present(row: Row): AdminUser {
  return {
    ...row,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  };
}
