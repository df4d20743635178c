import type { App } from '#server/app.ts';
import type { Activity } from '#server/conversations/contract.ts';

/** The user’s rooms and direct chats in which a turn runs or waits, and those in which one finished since they were read. */
export async function findActivity({ db }: Pick<App, 'db'>, userId: string): Promise<Activity> {
  const { rows } = await db.query<{ id: string; busy: boolean; unread: boolean }>(ACTIVITY, [userId]);
  return {
    busy: rows.filter(({ busy }) => busy).map(({ id }) => id),
    unread: rows.filter(({ unread }) => unread).map(({ id }) => id),
  };
}

/** A turn that the user stopped tells them nothing new, nor does a what-if, which they look at elsewhere. */
const ACTIVITY = `
WITH mine AS (
  SELECT id, read_at FROM rooms WHERE owner_id = $1 AND deleted_at IS NULL
  UNION ALL
  SELECT id, read_at FROM direct_sessions WHERE owner_id = $1 AND deleted_at IS NULL
), marked AS (
  SELECT id,
    EXISTS (SELECT FROM turns WHERE conversation_id = mine.id AND what_if_of IS NULL
      AND status IN ('queued', 'running')) AS busy,
    EXISTS (SELECT FROM turns WHERE conversation_id = mine.id AND what_if_of IS NULL AND finished_at > mine.read_at
      AND status IN ('completed', 'failed')) AS unread
  FROM mine
)
SELECT * FROM marked WHERE busy OR unread`;
