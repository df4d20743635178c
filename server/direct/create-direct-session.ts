import { assertFeatureOn } from '#server/admin/settings/get-settings.ts';
import type { App } from '#server/app.ts';
import { ZDirectAgent, type DirectAgent } from '#server/agents/contract.ts';
import type { User } from '#server/auth/contract.ts';
import type { CreateDirectSession, DirectSession } from '#server/direct/contract.ts';
import { presentDirectSession } from '#server/direct/present-direct-session.ts';
import { assertModelAllowed } from '#server/models/assert-model-allowed.ts';
import { notFound } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import { assertOwnServers } from '#server/tool-servers/assert-own-servers.ts';

/**
 * Opens a chat with one agent, outside any room and with a memory of its own (FR-DIRECT-002). A room's agent is copied:
 * later changes on either side don't reach the other. Throws `not_found` when that agent is absent or someone else's.
 */
export async function createDirectSession(
  app: Pick<App, 'prisma'>,
  { user, session }: { user: Pick<User, 'id' | 'plan'>; session: CreateDirectSession },
): Promise<DirectSession> {
  await assertFeatureOn(app, 'directChats', 'New direct chats');
  const agent = session.agent ?? (await copyRoomAgent(app, user.id, session.roomAgentId));
  await assertModelAllowed(app, user, [agent.modelAlias, agent.fallbackAlias]);
  if (session.agent) await assertOwnServers(app, user.id, agent.toolPermissions);
  const id = newId();
  const row = await app.prisma.directSession.create({
    data: {
      id,
      ownerId: user.id,
      title: session.title ?? agent.name,
      agent,
      branches: { create: { id: newId(), conversationId: id } },
    },
  });
  return presentDirectSession(row);
}

async function copyRoomAgent(
  { prisma }: Pick<App, 'prisma'>,
  userId: string,
  roomAgentId: string | undefined,
): Promise<DirectAgent> {
  const row =
    roomAgentId === undefined
      ? null
      : await prisma.roomAgent.findFirst({
          where: { id: roomAgentId, deletedAt: null, room: { ownerId: userId, deletedAt: null } },
        });
  if (!row) throw notFound();
  return ZDirectAgent.parse(row);
}
