import type { App } from '#server/app.ts';
import { MAX_AGENTS, type Agent, type CreateAgent } from '#server/agents/contract.ts';
import { changeRoster } from '#server/agents/change-roster.ts';
import { nameKey } from '#server/agents/name-key.ts';
import { presentAgent } from '#server/agents/present-agent.ts';
import type { User } from '#server/auth/contract.ts';
import { assertModelAllowed } from '#server/models/assert-model-allowed.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import { assertOwnServers } from '#server/tool-servers/assert-own-servers.ts';

/** Adds an agent at the end of the room's order. It takes part from the next send on (FR-AGENT-005). */
export async function addAgent(
  app: Pick<App, 'prisma'>,
  { user, roomId, agent }: { user: Pick<User, 'id' | 'plan'>; roomId: string; agent: CreateAgent },
): Promise<Agent> {
  await assertModelAllowed(app, user, [agent.modelAlias, agent.fallbackAlias]);
  await assertOwnServers(app, user.id, agent.toolPermissions);
  return changeRoster(app, { userId: user.id, roomId }, async (tx, now) => {
    const position = await tx.roomAgent.count({ where: { roomId, deletedAt: null } });
    if (position >= MAX_AGENTS) {
      const message = `A room holds at most ${MAX_AGENTS} agents. Remove one first.`;
      throw new AppError('invalid_input', message, { errors: [{ path: '', message }] });
    }
    const row = await tx.roomAgent.create({
      data: { id: newId(), roomId, ...agent, nameKey: nameKey(agent.name), position, createdAt: now, updatedAt: now },
    });
    return presentAgent(row);
  });
}
