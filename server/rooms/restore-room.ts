import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';
import { RESTORE_DAYS, type Room } from '#server/rooms/contract.ts';
import { getRoom } from '#server/rooms/get-room.ts';

/** Brings a deleted room back within its days of grace, else `restore_expired`. One that isn't deleted stays as it is. */
export async function restoreRoom(
  app: Pick<App, 'prisma'>,
  { userId, roomId }: { userId: string; roomId: string },
): Promise<Room> {
  await app.prisma.$executeRaw`
    UPDATE rooms SET deleted_at = NULL, updated_at = now()
    WHERE id = ${roomId}::uuid AND owner_id = ${userId}::uuid
      AND deleted_at > now() - make_interval(days => ${RESTORE_DAYS}::int)`;
  const room = await getRoom(app, { userId, roomId, deleted: 'include' });
  if (room.deletedAt !== null) {
    throw new AppError('restore_expired', `This room was deleted more than ${RESTORE_DAYS} days ago.`);
  }
  return room;
}
