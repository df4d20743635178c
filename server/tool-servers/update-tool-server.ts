import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';
import type { Prisma, ToolServer as Row } from '#server/platform/prisma/client.ts';
import { seal, unseal } from '#server/platform/seal.ts';
import { assertNameFree } from '#server/tool-servers/assert-name-free.ts';
import { ZServerTool, type ServerTool, type ToolServer, type UpdateToolServer } from '#server/tool-servers/contract.ts';
import { listTools } from '#server/tool-servers/list-tools.ts';
import { presentToolServer } from '#server/tool-servers/present-tool-server.ts';

export type UpdateOptions = {
  server: Row;
  changes: UpdateToolServer;
  /** Asks for the tools again although nothing of the address changes. */
  relist?: boolean;
  signal: AbortSignal;
};

/**
 * Changes a server; what is left out stays. Where its address, header or token change, it has to tell its tools again. A token
 * is never sent to another host than it was entered for, and a tool that is not what it was asks again.
 */
export async function updateToolServer(
  app: Pick<App, 'prisma' | 'toolServers' | 'env'>,
  { server, changes, relist = false, signal }: UpdateOptions,
): Promise<ToolServer> {
  const { id, userId } = server;
  const { name = server.name, url = server.url, header = server.header } = changes;
  if (name !== server.name) await assertNameFree(app, { userId, name, except: id });
  const moved = new URL(url).origin !== new URL(server.url).origin;
  const kept = moved || server.secret === null ? null : unseal(app.env, server.secret, id);
  const secret = changes.secret === undefined ? kept : changes.secret;
  const elsewhere = url !== server.url || header !== server.header || changes.secret !== undefined;
  const known = z.array(ZServerTool).parse(server.tools);
  const tools = relist || elsewhere ? await listTools(app, { address: { url, header, secret }, signal }) : known;
  const same = moved ? new Set<string>() : unchanged(known, tools);
  const { count } = await app.prisma.toolServer.updateMany({
    where: { id },
    data: {
      name,
      url,
      header,
      secret: secret === null ? null : seal(app.env, secret, id),
      tools: tools as Prisma.InputJsonValue[],
      unasked: (changes.unasked ?? server.unasked).filter((tool) => same.has(tool)),
      ...(relist || elsewhere ? { listedAt: new Date() } : {}),
    },
  });
  if (count === 0) throw notFound();
  return presentToolServer(await app.prisma.toolServer.findUniqueOrThrow({ where: { id } }));
}

function unchanged(before: ServerTool[], now: ServerTool[]): Set<string> {
  const byName = new Map(before.map((tool) => [tool.name, tool]));
  return new Set(now.filter((tool) => isDeepStrictEqual(tool, byName.get(tool.name))).map(({ name }) => name));
}
