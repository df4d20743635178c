import type { App } from '#server/app.ts';
import type { Message } from '#server/turns/contract.ts';
import { presentMessage, type MessageRow } from '#server/turns/find-messages.ts';

const MOST = 100;

/** What was pinned in a conversation, on any of its branches, the newest pin first. The conversation must be the caller's. */
export async function findPinnedMessages(app: Pick<App, 'db'>, conversationId: string): Promise<Message[]> {
  const { rows } = await app.db.query<MessageRow>(
    `SELECT m.*, NULL AS parent_id FROM messages m JOIN turns t ON t.id = m.turn_id
     WHERE t.conversation_id = $1 AND t.what_if_of IS NULL AND m.pinned_at IS NOT NULL AND m.deleted_at IS NULL
     ORDER BY m.pinned_at DESC LIMIT $2`,
    [conversationId, MOST],
  );
  return rows.map(presentMessage);
}
