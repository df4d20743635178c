import type { App } from '#server/app.ts';
import { WARN_DAYS } from '#server/retention/contract.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

const BATCH = 1_000;

/**
 * Writes down what has to go: what was deleted and is out of grace, and conversations whose content has come of age and
 * whose owner was warned in time. What is inside of something that goes as a whole goes with that. Returns how much is new.
 */
export async function enlistDue({ db, env }: Pick<App, 'db' | 'env'>): Promise<number> {
  const deleted = await db.query(DELETED, [RESTORE_DAYS]);
  const old = env.retentionDays === 0 ? null : await db.query(OLD, [env.retentionDays, WARN_DAYS]);
  return (deleted.rowCount ?? 0) + (old?.rowCount ?? 0);
}

const INSERT = `INSERT INTO purges (id, kind, subject_id, user_id, reason, due_at)`;
const OUT_OF_GRACE = `deleted_at <= now() - make_interval(days => $1)`;
const GRACE = `deleted_at + make_interval(days => $1)`;

const DELETED = `
${INSERT}
SELECT gen_random_uuid(), due.kind, due.id, due.user_id, 'deleted', due.due_at FROM (
  SELECT 'account' AS kind, id, id AS user_id, ${GRACE} AS due_at FROM users
    WHERE ${OUT_OF_GRACE} AND purged_at IS NULL
  UNION ALL SELECT 'room', id, owner_id, ${GRACE} FROM rooms WHERE ${OUT_OF_GRACE}
  UNION ALL SELECT 'direct_session', id, owner_id, ${GRACE} FROM direct_sessions WHERE ${OUT_OF_GRACE}
  UNION ALL SELECT 'agent', a.id, r.owner_id, a.${GRACE}
    FROM room_agents a JOIN rooms r ON r.id = a.room_id AND r.deleted_at IS NULL WHERE a.${OUT_OF_GRACE}
  UNION ALL SELECT 'file', f.id, f.owner_id, f.${GRACE} FROM files f WHERE f.${OUT_OF_GRACE}
  UNION ALL SELECT 'message', m.id, t.user_id, m.${GRACE}
    FROM messages m JOIN turns t ON t.id = m.turn_id AND t.finished_at IS NOT NULL
    WHERE m.${OUT_OF_GRACE} AND m.content <> ''
) due
WHERE NOT EXISTS (SELECT 1 FROM purges p WHERE p.kind = due.kind AND p.subject_id = due.id AND p.state <> 'done')
LIMIT ${BATCH}
ON CONFLICT DO NOTHING`;

const OLD = `
${INSERT}
SELECT gen_random_uuid(), 'old_content', c.id, c.owner_id, 'retention', now() FROM (
  SELECT id, owner_id FROM rooms
    WHERE NOT keep AND deleted_at IS NULL AND retention_warned_at <= now() - make_interval(days => $2)
  UNION ALL
  SELECT id, owner_id FROM direct_sessions
    WHERE NOT keep AND deleted_at IS NULL AND retention_warned_at <= now() - make_interval(days => $2)
) c
WHERE (EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id AND t.created_at < now() - make_interval(days => $1)
                 AND t.finished_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM files f WHERE (f.room_id = c.id OR f.direct_session_id = c.id)
                 AND f.created_at < now() - make_interval(days => $1)))
LIMIT ${BATCH}
ON CONFLICT DO NOTHING`;
