import { z } from 'zod';
import type { App } from '#server/app.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';
import { type InGrace, type Purge, type PurgeKind } from '#server/retention/contract.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

/** The work of purging, what isn't done first, then the newest. For admins. */
export async function findPurges(
  { prisma }: Pick<App, 'prisma'>,
  { state, cursor, limit = 50 }: { state?: Purge['state'] | undefined; cursor?: string | undefined; limit?: number },
): Promise<Page<Purge>> {
  const after = decodeCursor(z.int(), cursor) ?? 0;
  const rows = await prisma.purge.findMany({
    where: state === undefined ? {} : { state },
    orderBy: [{ finishedAt: { sort: 'desc', nulls: 'first' } }, { dueAt: 'asc' }, { id: 'asc' }],
    skip: after,
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map((row): Purge => ({
    id: row.id,
    kind: row.kind as PurgeKind,
    subjectId: row.subjectId,
    userId: row.userId,
    reason: row.reason as Purge['reason'],
    state: row.state as Purge['state'],
    attempt: row.attempt,
    counts: row.counts as Purge['counts'],
    error: row.error,
    dueAt: row.dueAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }));
  return { items, nextCursor: rows.length > limit ? encodeCursor(after + limit) : null };
}

/** What was deleted and can still be restored, by kind, and when the first of it is purged. */
export async function findInGrace({ db }: Pick<App, 'db'>): Promise<InGrace[]> {
  const { rows } = await db.query<{ kind: PurgeKind; count: number; next: Date }>(
    `SELECT kind, count(*)::int AS count, min(deleted_at) + make_interval(days => $1) AS next FROM (
       SELECT 'account' AS kind, deleted_at FROM users WHERE deleted_at IS NOT NULL AND purged_at IS NULL
       UNION ALL SELECT 'room', deleted_at FROM rooms WHERE deleted_at IS NOT NULL
       UNION ALL SELECT 'direct_session', deleted_at FROM direct_sessions WHERE deleted_at IS NOT NULL
       UNION ALL SELECT 'agent', deleted_at FROM room_agents WHERE deleted_at IS NOT NULL
       UNION ALL SELECT 'file', deleted_at FROM files WHERE deleted_at IS NOT NULL
       UNION ALL SELECT 'message', deleted_at FROM messages WHERE deleted_at IS NOT NULL AND content <> ''
     ) deleted WHERE deleted_at > now() - make_interval(days => $1) GROUP BY 1 ORDER BY 1`,
    [RESTORE_DAYS],
  );
  return rows.map(({ kind, count, next }) => ({ kind, count, nextDueAt: next.toISOString() }));
}
