import type { App } from '#server/app.ts';
import type { ToolServer } from '#server/tool-servers/contract.ts';
import { presentToolServer } from '#server/tool-servers/present-tool-server.ts';

/** A person's servers, by name. There are few: see MAX_TOOL_SERVERS. */
export async function findToolServers({ prisma }: Pick<App, 'prisma'>, userId: string): Promise<ToolServer[]> {
  const rows = await prisma.toolServer.findMany({ where: { userId }, orderBy: [{ name: 'asc' }, { id: 'asc' }] });
  return rows.map(presentToolServer);
}
