import type { App } from '#server/app.ts';
import { definedOnly } from '#server/agents/defined-only.ts';
import type { User } from '#server/auth/contract.ts';
import { ZDirectSession, type DirectSession, type UpdateDirectSession } from '#server/direct/contract.ts';

import { presentDirectSession } from '#server/direct/present-direct-session.ts';
import { assertModelAllowed } from '#server/models/assert-model-allowed.ts';
import { notFound } from '#server/platform/errors.ts';
import { assertOwnServers } from '#server/tool-servers/assert-own-servers.ts';

/** Renames a direct chat or changes its agent, from the next send on; what is left out stays. */
export async function updateDirectSession(
  { prisma }: Pick<App, 'prisma'>,
  options: { user: Pick<User, 'id' | 'plan'>; directSessionId: string; changes: UpdateDirectSession },
): Promise<DirectSession> {
  const { user, directSessionId, changes } = options;
  return prisma.$transaction(async (tx) => {
    // The row is held, so that of two changes at once neither undoes the other's fields of the agent.
    const [held] = await tx.$queryRaw<{ agent: unknown }[]>`
      UPDATE direct_sessions SET updated_at = now()
      WHERE id = ${directSessionId}::uuid AND owner_id = ${user.id}::uuid AND deleted_at IS NULL
      RETURNING agent`;
    if (!held) throw notFound();
    const agent = ZDirectSession.shape.agent.parse(held.agent);
    const { toolPermissions, ...fields } = definedOnly(changes.agent ?? {});
    await assertModelAllowed({ prisma: tx }, user, [
      fields.modelAlias === agent.modelAlias ? null : fields.modelAlias,
      fields.fallbackAlias === agent.fallbackAlias ? null : fields.fallbackAlias,
    ]);
    await assertOwnServers({ prisma: tx }, user.id, toolPermissions ?? {});
    const row = await tx.directSession.update({
      where: { id: directSessionId },
      data: {
        ...(changes.title === undefined ? {} : { title: changes.title }),
        agent: {
          ...agent,
          ...fields,
          toolPermissions: { ...agent.toolPermissions, ...definedOnly(toolPermissions ?? {}) },
        },
      },
    });
    return presentDirectSession(row);
  });
}
