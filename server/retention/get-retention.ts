import type { App } from '#server/app.ts';
import { WARN_DAYS, type Retention } from '#server/retention/contract.ts';

/** Whether a conversation is kept, and from when on its oldest content is purged, once its owner was warned. */
export async function getRetention({ db, env }: Pick<App, 'db' | 'env'>, conversationId: string): Promise<Retention> {
  const { rows } = await db.query<{ keep: boolean; purges_at: Date | null }>(
    `SELECT c.keep, CASE WHEN NOT c.keep AND $2 > 0 AND c.retention_warned_at IS NOT NULL THEN
       greatest(c.retention_warned_at + make_interval(days => $3), least(
         (SELECT min(t.created_at) FROM turns t WHERE t.conversation_id = c.id),
         (SELECT min(f.created_at) FROM files f WHERE f.room_id = c.id OR f.direct_session_id = c.id)
       ) + make_interval(days => $2)) END AS purges_at
     FROM (SELECT id, keep, retention_warned_at FROM rooms WHERE id = $1
           UNION ALL
           SELECT id, keep, retention_warned_at FROM direct_sessions WHERE id = $1) c`,
    [conversationId, env.retentionDays, WARN_DAYS],
  );
  const keep = rows[0]?.keep ?? false;
  const days = env.retentionDays === 0 ? null : env.retentionDays;
  return { keep, days, purgesAt: rows[0]?.purges_at?.toISOString() ?? null };
}
