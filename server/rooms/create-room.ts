import type { App } from '#server/app.ts';
import { newId } from '#server/platform/ids.ts';
import type { CreateRoom, Mode, Room } from '#server/rooms/contract.ts';
import { presentRoom } from '#server/rooms/present-room.ts';

/** Makes an empty room, with the first branch of its conversation, in one transaction. */
export async function createRoom(
  { prisma }: Pick<App, 'prisma'>,
  { userId, room, mode = 'manual' }: { userId: string; room: CreateRoom; mode?: Mode },
): Promise<Room> {
  const id = newId();
  const row = await prisma.room.create({
    data: {
      id,
      ownerId: userId,
      ...room,
      currentMode: mode,
      branches: { create: { id: newId(), conversationId: id } },
    },
    include: { agents: true },
  });
  return presentRoom(row);
}
