import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZRoom, ZSetMode } from '#server/rooms/contract.ts';
import { setMode } from '#server/rooms/set-mode.ts';

export const route = apiRoute({
  PUT: operation({
    summary: 'Chooses the mode of the next send. Only pendingMode changes; the current mode takes a pending one back.',
    body: ZSetMode,
    status: 200,
    response: ZRoom,
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      setMode(app, { userId: principal.user.id, roomId: found.id, mode: body.mode }),
  }),
});
export const loader = route.loader;
export const action = route.action;
