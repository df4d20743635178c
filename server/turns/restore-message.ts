import type { App } from '#server/app.ts';
import { forgetSummaries } from '#server/context/forget-summaries.ts';
import { AppError } from '#server/platform/errors.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';
import { restorableSince } from '#server/rooms/restorable-since.ts';
import { COPIES } from '#server/turns/delete-message.ts';
import type { Message } from '#server/turns/contract.ts';
import { presentMessage } from '#server/turns/find-messages.ts';

/** Puts a deleted message back where it was, and into every agent's memory. Throws restore_expired after seven days. */
export async function restoreMessage(app: Pick<App, 'prisma' | 'db'>, messageId: string): Promise<Message> {
  const { rowCount } = await app.db.query(
    `UPDATE messages SET deleted_at = NULL WHERE id IN (${COPIES}) AND deleted_at >= $2`,
    [messageId, await restorableSince(app)],
  );
  const count = rowCount ?? 0;
  const row = await app.prisma.message.findUniqueOrThrow({ where: { id: messageId } });
  if (count === 0 && row.deletedAt !== null) {
    throw new AppError('restore_expired', `Messages can be restored for ${RESTORE_DAYS} days; this one is older.`);
  }
  if (count > 0) await forgetSummaries(app, messageId);
  return presentMessage({
    id: row.id,
    role: row.role as Message['role'],
    agent_id: row.agentId,
    agent_name: row.agentName,
    content: row.content,
    turn_id: row.turnId,
    step_id: row.stepId,
    parent_id: null,
    created_at: row.createdAt,
    pinned_at: row.pinnedAt,
  });
}
