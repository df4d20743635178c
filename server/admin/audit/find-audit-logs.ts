import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { AuditFilter, AuditLog } from '#server/admin/contract.ts';
import { decodeCursor, encodeCursor, type Page, type PageQuery } from '#server/http/page.ts';

type Row = Omit<AuditLog, 'createdAt'> & { createdAt: Date };

/** The audit log, newest first. */
export async function findAuditLogs(
  { db }: Pick<App, 'db'>,
  { cursor, limit, ...filter }: AuditFilter & PageQuery,
): Promise<Page<AuditLog>> {
  const before = decodeCursor(z.string().regex(/^\d{1,18}$/), cursor);
  const actorId = z.guid().safeParse(filter.actor).success ? filter.actor : null;
  const actorEmail = actorId === null && filter.actor ? `%${filter.actor.replace(/[\\%_]/g, '\\$&')}%` : null;
  const { rows } = await db.query<Row>(
    `SELECT l.id, l.seq::text, l.actor_id AS "actorId", u.email AS "actorEmail", l.action, l.target_type AS "targetType",
       l.target_id AS "targetId", t.email AS "targetEmail", l.before, l.after, l.request_id AS "requestId", l.hash, l.created_at AS "createdAt"
     FROM admin_audit_logs l LEFT JOIN users u ON u.id = l.actor_id
       LEFT JOIN users t ON t.id = CASE WHEN l.target_type = 'user' AND l.target_id ~ '^[0-9a-f-]{36}$' THEN l.target_id::uuid END
     WHERE ($1::bigint IS NULL OR l.seq < $1) AND ($2::text IS NULL OR l.action = $2)
       AND ($3::uuid IS NULL OR l.actor_id = $3) AND ($4::text IS NULL OR u.email ILIKE $4)
       AND ($5::text IS NULL OR l.target_id = $5)
       AND ($6::timestamp IS NULL OR l.created_at >= $6::timestamp AT TIME ZONE 'UTC')
       AND ($7::date IS NULL OR l.created_at < ($7::date + 1)::timestamp AT TIME ZONE 'UTC')
     ORDER BY l.seq DESC LIMIT $8`,
    [
      before,
      filter.action ?? null,
      actorId,
      actorEmail,
      filter.targetId || null,
      filter.from ?? null,
      filter.to ?? null,
      limit + 1,
    ],
  );
  const items = rows.slice(0, limit).map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  return { items, nextCursor: rows.length > limit ? encodeCursor(items.at(-1)?.seq) : null };
}
