import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';
import type { Room, UpdateRoom } from '#server/rooms/contract.ts';
import { getRoom } from '#server/rooms/get-room.ts';

/** Renames a room or describes it anew; what is left out stays. */
export async function updateRoom(
  app: Pick<App, 'prisma'>,
  { userId, roomId, changes }: { userId: string; roomId: string; changes: UpdateRoom },
): Promise<Room> {
  const { name = null, description = null } = changes;
  const changed = await app.prisma.$executeRaw`
    UPDATE rooms
    SET name = coalesce(${name}::text, name), description = coalesce(${description}::text, description), updated_at = now()
    WHERE id = ${roomId}::uuid AND owner_id = ${userId}::uuid AND deleted_at IS NULL`;
  if (changed === 0) throw notFound();
  return getRoom(app, { userId, roomId });
}
