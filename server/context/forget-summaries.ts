import type { App } from '#server/app.ts';

/**
 * Forgets the summaries that may hold what a message said, or, once it is restored, lack it. They are made anew when they
 * are needed.
 */
export async function forgetSummaries(app: Pick<App, 'db'>, messageId: string): Promise<void> {
  await app.db.query(
    `DELETE FROM context_summaries s USING turns through, messages m JOIN turns said ON said.id = m.turn_id
     WHERE m.id = $1 AND s.conversation_id = said.conversation_id
       AND through.id = s.through_turn_id AND through.depth >= said.depth`,
    [messageId],
  );
}
