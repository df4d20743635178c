import type { App } from '#server/app.ts';

/** The user's rooms and direct chats in which a turn runs or waits. */
export async function findBusyConversations(app: Pick<App, 'db'>, userId: string): Promise<string[]> {
  const { rows } = await app.db.query<{ conversation_id: string }>(
    `SELECT DISTINCT conversation_id FROM turns WHERE user_id = $1 AND status IN ('queued', 'running')`,
    [userId],
  );
  return rows.map((row) => row.conversation_id);
}
