import type { z } from 'zod';
import type { App } from '#server/app.ts';
import { ZModelAlias } from '#server/agents/contract.ts';
import { presentDirectSession } from '#server/direct/present-direct-session.ts';
import type { ZRoomList } from '#server/mcp/contract.ts';

const MOST = 100;

/** The caller's rooms and then the direct chats, each the last changed first. */
export async function listRooms(
  { prisma }: Pick<App, 'prisma'>,
  { userId, search }: { userId: string; search?: string | undefined },
): Promise<z.infer<typeof ZRoomList>> {
  const named = search === undefined ? {} : { contains: search, mode: 'insensitive' as const };
  const mine = { ownerId: userId, deletedAt: null };
  const order = { orderBy: { updatedAt: 'desc' as const }, take: MOST + 1 };
  const agents = { select: { name: true, modelAlias: true }, orderBy: { position: 'asc' as const } };
  const [rooms, sessions] = await Promise.all([
    prisma.room.findMany({
      where: { ...mine, name: named },
      include: { agents: { ...agents, where: { deletedAt: null, active: true } } },
      ...order,
    }),
    prisma.directSession.findMany({ where: { ...mine, title: named }, ...order }),
  ]);
  return {
    rooms: [
      ...rooms.slice(0, MOST).map(({ id, name, description, pendingMode, currentMode, agents }) => ({
        id: `room:${id}`,
        name,
        description,
        mode: pendingMode ?? currentMode,
        agents: agents.map(({ name, modelAlias }) => ({ name, model: ZModelAlias.parse(modelAlias) })),
      })),
      ...sessions
        .slice(0, MOST)
        .map(presentDirectSession)
        .map(({ id, title, agent }) => ({
          id: `direct:${id}`,
          name: title,
          description: '',
          mode: 'direct',
          agents: [{ name: agent.name, model: agent.modelAlias }],
        })),
    ],
    more: rooms.length > MOST || sessions.length > MOST,
  };
}
