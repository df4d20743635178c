import type { App } from '#server/app.ts';

/** The turn that was sent last in one of the user’s conversations, on whichever branch; null where there is none. */
export async function findNewestTurn(
  { db }: Pick<App, 'db'>,
  userId: string,
  conversationId: string,
): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM turns WHERE conversation_id = $2 AND user_id = $1 AND what_if_of IS NULL ORDER BY created_at DESC LIMIT 1`,
    [userId, conversationId],
  );
  return rows[0]?.id ?? null;
}
