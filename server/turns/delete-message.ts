import type { App } from '#server/app.ts';

type MessageApp = Pick<App, 'prisma' | 'db'>;

/** Takes a message out of the conversation and of every agent's memory. It must be the caller's: see `getOwnedMessage`. */
export async function deleteMessage(app: MessageApp, messageId: string): Promise<void> {
  await app.prisma.message.updateMany({ where: { id: messageId, deletedAt: null }, data: { deletedAt: new Date() } });
  await forgetSummaries(app, messageId);
}

/** Summaries that may hold what the message said are made anew when they are needed. */
async function forgetSummaries(app: MessageApp, messageId: string): Promise<void> {
  await app.db.query(
    `DELETE FROM context_summaries s USING turns through, messages m JOIN turns said ON said.id = m.turn_id
     WHERE m.id = $1 AND s.conversation_id = said.conversation_id
       AND through.id = s.through_turn_id AND through.depth >= said.depth`,
    [messageId],
  );
}
