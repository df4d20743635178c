import { notFound } from '#server/platform/errors.ts';
import { stopOpenTurns, type StopApp } from '#server/rooms/stop-open-turns.ts';

/**
 * Deletes a room; it can be restored for 7 days. Turns that wait or run in it are stopped: nobody could see them or
 * stop them any more, and they would go on spending.
 */
export async function deleteRoom(app: StopApp, { userId, roomId }: { userId: string; roomId: string }): Promise<void> {
  const changed = await app.prisma.$executeRaw`
    UPDATE rooms SET deleted_at = now(), updated_at = now()
    WHERE id = ${roomId}::uuid AND owner_id = ${userId}::uuid AND deleted_at IS NULL`;
  if (changed === 0) throw notFound();
  await stopOpenTurns(app, { conversationId: roomId });
}
