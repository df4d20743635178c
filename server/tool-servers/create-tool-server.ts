import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';
import { seal } from '#server/platform/seal.ts';
import { assertNameFree } from '#server/tool-servers/assert-name-free.ts';
import { MAX_TOOL_SERVERS, type CreateToolServer, type ToolServer } from '#server/tool-servers/contract.ts';
import { listTools } from '#server/tool-servers/list-tools.ts';
import { presentToolServer } from '#server/tool-servers/present-tool-server.ts';

/** Adds a server once it has told its tools. None of them is anybody's yet, and each of them asks. */
export async function createToolServer(
  app: Pick<App, 'prisma' | 'toolServers' | 'env'>,
  { userId, server, signal }: { userId: string; server: CreateToolServer; signal: AbortSignal },
): Promise<ToolServer> {
  if ((await app.prisma.toolServer.count({ where: { userId } })) >= MAX_TOOL_SERVERS) {
    throw new AppError('invalid_input', `You have ${MAX_TOOL_SERVERS} servers already. Remove one first.`);
  }
  const { name, url, header, secret } = server;
  await assertNameFree(app, { userId, name, except: null });
  const tools = await listTools(app, { address: { url, header, secret }, signal });
  const id = newId();
  const sealed = secret === null ? null : seal(app.env, secret, id);
  const row = await app.prisma.toolServer.create({
    data: { id, userId, name, url, header, secret: sealed, tools: tools as Prisma.InputJsonValue[], unasked: [] },
  });
  return presentToolServer(row);
}
