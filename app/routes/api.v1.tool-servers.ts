import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZCreateToolServer, ZToolServer } from '#server/tool-servers/contract.ts';
import { createToolServer } from '#server/tool-servers/create-tool-server.ts';
import { findToolServers } from '#server/tool-servers/find-tool-servers.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Your tool servers (MCP) with their tools, by name.',
    status: 200,
    response: z.object({ items: z.array(ZToolServer) }),
    handle: async ({ app, principal }) => ({ items: await findToolServers(app, principal.user.id) }),
  }),
  POST: operation({
    summary: 'Adds a tool server, once it has listed its tools.',
    body: ZCreateToolServer,
    status: 201,
    response: ZToolServer,
    handle: ({ app, principal, body, context }) =>
      createToolServer(app, { userId: principal.user.id, server: body, signal: context.closed }),
  }),
});
export const loader = route.loader;
export const action = route.action;
