import type { App } from '#server/app.ts';
import { ZToolPermissions, type Agent, type UpdateAgent } from '#server/agents/contract.ts';
import { changeRoster } from '#server/agents/change-roster.ts';
import { definedOnly } from '#server/agents/defined-only.ts';
import { nameKey } from '#server/agents/name-key.ts';
import { presentAgent } from '#server/agents/present-agent.ts';
import type { User } from '#server/auth/contract.ts';
import { assertModelAllowed } from '#server/models/assert-model-allowed.ts';
import { notFound } from '#server/platform/errors.ts';
import { assertOwnServers } from '#server/tool-servers/assert-own-servers.ts';

/**
 * Changes an agent; what is left out stays. The plan must allow the aliases that change: one chosen under an earlier
 * plan may stay while other things are edited.
 */
export async function updateAgent(
  app: Pick<App, 'prisma'>,
  options: { user: Pick<User, 'id' | 'plan'>; roomId: string; agentId: string; changes: UpdateAgent },
): Promise<Agent> {
  const { user, roomId, agentId, changes } = options;
  return changeRoster(app, { userId: user.id, roomId }, async (tx, now) => {
    const row = await tx.roomAgent.findFirst({ where: { id: agentId, roomId, deletedAt: null } });
    if (!row) throw notFound();
    const { name, modelAlias, fallbackAlias, toolPermissions, ...rest } = definedOnly(changes);
    await assertModelAllowed({ prisma: tx }, user, [
      modelAlias === row.modelAlias ? null : modelAlias,
      fallbackAlias === row.fallbackAlias ? null : fallbackAlias,
    ]);
    await assertOwnServers({ prisma: tx }, user.id, toolPermissions ?? {});
    const changed = await tx.roomAgent.update({
      where: { id: agentId },
      data: {
        ...rest,
        ...(name === undefined ? {} : { name, nameKey: nameKey(name) }),
        ...(modelAlias === undefined ? {} : { modelAlias }),
        ...(fallbackAlias === undefined ? {} : { fallbackAlias }),
        toolPermissions: { ...ZToolPermissions.parse(row.toolPermissions), ...definedOnly(toolPermissions ?? {}) },
        updatedAt: now,
      },
    });
    return presentAgent(changed);
  });
}
