import { notFound } from '#server/platform/errors.ts';
import { stopOpenTurns, type StopApp } from '#server/rooms/stop-open-turns.ts';

/** Deletes a direct chat; it can be restored for 7 days. Its turns are stopped, as a room's are. */
export async function deleteDirectSession(
  app: StopApp,
  { userId, directSessionId }: { userId: string; directSessionId: string },
): Promise<void> {
  const changed = await app.prisma.$executeRaw`
    UPDATE direct_sessions SET deleted_at = now(), updated_at = now()
    WHERE id = ${directSessionId}::uuid AND owner_id = ${userId}::uuid AND deleted_at IS NULL`;
  if (changed === 0) throw notFound();
  await stopOpenTurns(app, { conversationId: directSessionId });
}
