import type { App } from '#server/app.ts';
import { changeRoster } from '#server/agents/change-roster.ts';
import { notFound } from '#server/platform/errors.ts';

/**
 * Takes an agent out of the room from the next send on; a running turn keeps it (FR-AGENT-004). Its name is free again,
 * those after it move up, and what it said stays.
 */
export async function removeAgent(
  app: Pick<App, 'prisma'>,
  { userId, roomId, agentId }: { userId: string; roomId: string; agentId: string },
): Promise<void> {
  await changeRoster(app, { userId, roomId }, async (tx, now) => {
    const row = await tx.roomAgent.findFirst({ where: { id: agentId, roomId, deletedAt: null } });
    if (!row) throw notFound();
    await tx.roomAgent.update({ where: { id: agentId }, data: { deletedAt: now, updatedAt: now } });
    await tx.roomAgent.updateMany({
      where: { roomId, deletedAt: null, position: { gt: row.position } },
      data: { position: { decrement: 1 } },
    });
  });
}
