import { getOwnedToolServer } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZToolServer } from '#server/tool-servers/contract.ts';
import { updateToolServer } from '#server/tool-servers/update-tool-server.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Asks a tool server for its tools again. A tool that has changed asks again before it is called.',
    status: 200,
    response: ZToolServer,
    find: ({ app, principal, params }) => getOwnedToolServer(app, principal.user.id, params['toolServerId'] ?? ''),
    handle: ({ app, found, context }) =>
      updateToolServer(app, { server: found, changes: {}, relist: true, signal: context.closed }),
  }),
});
export const loader = route.loader;
export const action = route.action;
