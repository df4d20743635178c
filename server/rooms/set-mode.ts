import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';
import type { Mode, Room } from '#server/rooms/contract.ts';
import { getRoom } from '#server/rooms/get-room.ts';

/**
 * Chooses the mode of the next send; only `pending_mode` changes (FR-ROOM-004), so a running turn never notices.
 * Choosing the mode that the room is in takes a pending change back: nothing is pending then. One statement, so that a
 * send at the same moment sees it either before or after.
 */
export async function setMode(
  app: Pick<App, 'prisma'>,
  { userId, roomId, mode }: { userId: string; roomId: string; mode: Mode },
): Promise<Room> {
  const changed = await app.prisma.$executeRaw`
    UPDATE rooms SET pending_mode = nullif(${mode}::text, current_mode), updated_at = now()
    WHERE id = ${roomId}::uuid AND owner_id = ${userId}::uuid AND deleted_at IS NULL`;
  if (changed === 0) throw notFound();
  return getRoom(app, { userId, roomId });
}
