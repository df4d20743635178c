import type { App } from '#server/app.ts';
import { newId } from '#server/platform/ids.ts';
import type { CreateRoom, Room } from '#server/rooms/contract.ts';
import { presentRoom } from '#server/rooms/present-room.ts';

/** Makes an empty room in manual mode, with the first branch of its conversation, in one transaction. */
export async function createRoom(
  { prisma }: Pick<App, 'prisma'>,
  { userId, room }: { userId: string; room: CreateRoom },
): Promise<Room> {
  const id = newId();
  const row = await prisma.room.create({
    data: { id, ownerId: userId, ...room, branches: { create: { id: newId(), conversationId: id } } },
    include: { agents: true },
  });
  return presentRoom(row);
}
