import type { App } from '#server/app.ts';
import { getOwnedRoom, type Deleted } from '#server/auth/find-owned.ts';
import type { Room } from '#server/rooms/contract.ts';
import { presentRoom } from '#server/rooms/present-room.ts';

/** A room with its agents in their order. Throws `not_found` for what is absent or someone else's. */
export async function getRoom(
  app: Pick<App, 'prisma'>,
  { userId, roomId, ...options }: { userId: string; roomId: string } & Deleted,
): Promise<Room> {
  const row = await getOwnedRoom(app, userId, roomId, options);
  const agents = await app.prisma.roomAgent.findMany({
    where: { roomId, deletedAt: null },
    orderBy: { position: 'asc' },
  });
  return presentRoom({ ...row, agents });
}
