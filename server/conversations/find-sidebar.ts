import type { App } from '#server/app.ts';
import type { SidebarChat, SidebarRoom } from '#server/conversations/contract.ts';
import { presentDirectSession } from '#server/direct/present-direct-session.ts';
import { presentRoom } from '#server/rooms/present-room.ts';

/** More than anyone reads; beyond it there is the search. */
const LIMIT = 200;

/** A user's rooms and direct chats as they put them, new ones first, else the last changed first. */
export async function findSidebar(
  { prisma }: Pick<App, 'prisma'>,
  userId: string,
): Promise<{ rooms: SidebarRoom[]; chats: SidebarChat[] }> {
  const mine = {
    where: { ownerId: userId, deletedAt: null },
    orderBy: [{ position: 'asc' as const }, { updatedAt: 'desc' as const }, { id: 'desc' as const }],
    take: LIMIT,
  };
  const [rooms, chats] = await Promise.all([prisma.room.findMany(mine), prisma.directSession.findMany(mine)]);
  return {
    rooms: rooms.map((row) => {
      const { id, name, currentMode, pendingMode } = presentRoom(row);
      return { id, name, mode: pendingMode ?? currentMode };
    }),
    chats: chats.map((row) => {
      const { id, title, agent } = presentDirectSession(row);
      return { id, name: title, agentName: agent.name };
    }),
  };
}
