import { addCounts, type Counts, type PurgeApp } from '#server/retention/purge-app.ts';
import { purgeFiles } from '#server/retention/purge-files.ts';
import { purgeTurns } from '#server/retention/purge-turns.ts';
import { WARN_DAYS } from '#server/retention/contract.ts';

const BATCH = 100;

/** Purges what has come of age in a conversation that goes on: its turns and files older than RETENTION_DAYS. */
export async function purgeOldContent(app: PurgeApp, conversationId: string): Promise<Counts> {
  let counts: Counts = {};
  const given = [conversationId, app.env.retentionDays, WARN_DAYS];
  for (;;) {
    const { rows } = await app.db.query<{ id: string }>(
      `SELECT t.id FROM turns t WHERE t.conversation_id = $1 AND t.created_at < now() - make_interval(days => $2)
         AND t.finished_at IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM turns w WHERE w.what_if_of = t.id AND w.finished_at IS NULL) AND ${STILL_GOES} ORDER BY t.depth LIMIT ${BATCH}`,
      given,
    );
    if (rows.length === 0) break;
    const turnIds = rows.map(({ id }) => id);
    counts = addCounts(counts, await purgeTurns(app, conversationId, turnIds));
  }
  const { rows } = await app.db.query<{ id: string }>(
    `SELECT f.id FROM files f WHERE (f.room_id = $1 OR f.direct_session_id = $1)
       AND f.created_at < now() - make_interval(days => $2) AND ${STILL_GOES}`,
    given,
  );
  for (const { id } of rows) counts = addCounts(counts, await purgeFiles(app, [id], { asked: false }));
  return counts;
}

/** Its owner may have decided to keep it since it was enlisted. */
const STILL_GOES = `EXISTS (
  SELECT 1 FROM rooms WHERE id = $1 AND NOT keep AND retention_warned_at <= now() - make_interval(days => $3)
  UNION ALL
  SELECT 1 FROM direct_sessions WHERE id = $1 AND NOT keep AND retention_warned_at <= now() - make_interval(days => $3))`;
