import { getOwnedToolServer } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZToolServer, ZUpdateToolServer } from '#server/tool-servers/contract.ts';
import { deleteToolServer } from '#server/tool-servers/delete-tool-server.ts';
import { updateToolServer } from '#server/tool-servers/update-tool-server.ts';

export const route = apiRoute({
  PATCH: operation({
    summary: 'Changes a tool server, and which of its tools are called without asking.',
    body: ZUpdateToolServer,
    status: 200,
    response: ZToolServer,
    find: ({ app, principal, params }) => getOwnedToolServer(app, principal.user.id, params['toolServerId'] ?? ''),
    handle: ({ app, found, body, context }) =>
      updateToolServer(app, { server: found, changes: body, signal: context.closed }),
  }),
  DELETE: operation({
    summary: 'Removes a tool server and its token; agents can’t use its tools from then on.',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedToolServer(app, principal.user.id, params['toolServerId'] ?? ''),
    handle: ({ app, found }) => deleteToolServer(app, found.id),
  }),
});
export const loader = route.loader;
export const action = route.action;
