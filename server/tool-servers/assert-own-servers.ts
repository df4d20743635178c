import type { App } from '#server/app.ts';
import type { ToolPermissions } from '#server/agents/contract.ts';
import { AppError } from '#server/platform/errors.ts';

/** Throws `invalid_input` when an agent is to use a server that is absent or someone else's. */
export async function assertOwnServers(
  { prisma }: { prisma: Pick<App['prisma'], 'toolServer'> },
  userId: string,
  { servers = [] }: { servers?: ToolPermissions['servers'] | undefined },
): Promise<void> {
  const ids = [...new Set(servers.map(({ serverId }) => serverId))];
  if (ids.length === 0) return;
  if ((await prisma.toolServer.count({ where: { userId, id: { in: ids } } })) === ids.length) return;
  const message = 'A tool server of this agent is gone. Choose its tools again.';
  throw new AppError('invalid_input', message, { errors: [{ path: 'toolPermissions.servers', message }] });
}
