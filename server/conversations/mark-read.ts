import type { App } from '#server/app.ts';

/**
 * What finished in a room or direct chat until now is read. A process’s clock may be ahead of the database’s, so the end of
 * the last turn counts too. The conversation must be the caller’s.
 */
export async function markRead(
  { db }: Pick<App, 'db'>,
  { kind, conversationId }: { kind: 'room' | 'direct'; conversationId: string },
): Promise<void> {
  await db.query(
    `UPDATE ${kind === 'room' ? 'rooms' : 'direct_sessions'}
     SET read_at = greatest(now(), (SELECT max(finished_at) FROM turns WHERE conversation_id = $1)) WHERE id = $1`,
    [conversationId],
  );
}
