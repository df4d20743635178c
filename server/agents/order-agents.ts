import type { App } from '#server/app.ts';
import type { Agent } from '#server/agents/contract.ts';
import { changeRoster } from '#server/agents/change-roster.ts';
import { presentAgent } from '#server/agents/present-agent.ts';
import { AppError } from '#server/platform/errors.ts';

/** Puts a room's agents in this order: all of them, active or not, each once; else `invalid_input`. */
export async function orderAgents(
  app: Pick<App, 'prisma'>,
  { userId, roomId, agentIds }: { userId: string; roomId: string; agentIds: string[] },
): Promise<Agent[]> {
  return changeRoster(app, { userId, roomId }, async (tx) => {
    const rows = await tx.roomAgent.findMany({ where: { roomId, deletedAt: null } });
    const asked = new Map(agentIds.map((id, position) => [id.toLowerCase(), position]));
    if (asked.size !== agentIds.length || asked.size !== rows.length || !rows.every((row) => asked.has(row.id))) {
      const message = 'Give the id of every agent of the room, each once. The list may have changed: reload it.';
      throw new AppError('invalid_input', message, { errors: [{ path: 'agentIds', message }] });
    }
    await tx.$executeRaw`
      UPDATE room_agents a SET position = o.place - 1
      FROM unnest(${agentIds}::uuid[]) WITH ORDINALITY AS o(id, place) WHERE a.id = o.id`;
    return rows
      .map((row) => presentAgent({ ...row, position: asked.get(row.id) ?? row.position }))
      .sort((a, b) => a.position - b.position);
  });
}
