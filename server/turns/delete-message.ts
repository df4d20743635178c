import type { App } from '#server/app.ts';
import { forgetSummaries } from '#server/context/forget-summaries.ts';

type MessageApp = Pick<App, 'prisma' | 'db'>;

/**
 * The message $1 and its copies: a regenerated turn stands beside the one that it was made of, with the same message and
 * the replies that were not made anew.
 */
export const COPIES = `
  SELECT c.id FROM messages m
  JOIN turns said ON said.id = m.turn_id
  JOIN turns beside ON beside.conversation_id = said.conversation_id
    AND beside.parent_turn_id IS NOT DISTINCT FROM said.parent_turn_id
  JOIN messages c ON c.turn_id = beside.id AND c.index = m.index AND c.role = m.role AND c.content = m.content
  WHERE m.id = $1`;

/** Takes a message out of the conversation and of every agent's memory. It must be the caller's: see `getOwnedMessage`. */
export async function deleteMessage(app: MessageApp, messageId: string): Promise<void> {
  await app.db.query(`UPDATE messages SET deleted_at = now() WHERE id IN (${COPIES}) AND deleted_at IS NULL`, [
    messageId,
  ]);
  await forgetSummaries(app, messageId);
}
