import type { App } from '#server/app.ts';
import type { DirectSession } from '#server/direct/contract.ts';
import { getDirectSession } from '#server/direct/get-direct-session.ts';
import { AppError } from '#server/platform/errors.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

/** Brings a deleted direct chat back within its days of grace, else `restore_expired`. */
export async function restoreDirectSession(
  app: Pick<App, 'prisma'>,
  { userId, directSessionId }: { userId: string; directSessionId: string },
): Promise<DirectSession> {
  await app.prisma.$executeRaw`
    UPDATE direct_sessions SET deleted_at = NULL, updated_at = now()
    WHERE id = ${directSessionId}::uuid AND owner_id = ${userId}::uuid
      AND deleted_at > now() - make_interval(days => ${RESTORE_DAYS}::int)`;
  const session = await getDirectSession(app, { userId, directSessionId, deleted: 'include' });
  if (session.deletedAt !== null) {
    throw new AppError('restore_expired', `This chat was deleted more than ${RESTORE_DAYS} days ago.`);
  }
  return session;
}
