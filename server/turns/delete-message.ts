import type { App } from '#server/app.ts';
import { forgetSummaries } from '#server/context/forget-summaries.ts';

type MessageApp = Pick<App, 'prisma' | 'db'>;

/** Takes a message out of the conversation and of every agent's memory. It must be the caller's: see `getOwnedMessage`. */
export async function deleteMessage(app: MessageApp, messageId: string): Promise<void> {
  await app.prisma.message.updateMany({ where: { id: messageId, deletedAt: null }, data: { deletedAt: new Date() } });
  await forgetSummaries(app, messageId);
}
