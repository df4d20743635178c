import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZRoom, ZUpdateRoom } from '#server/rooms/contract.ts';
import { deleteRoom } from '#server/rooms/delete-room.ts';
import { getRoom } from '#server/rooms/get-room.ts';
import { updateRoom } from '#server/rooms/update-room.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A room with its agents in their order.',
    status: 200,
    response: ZRoom,
    find: ({ app, principal, params }) => getRoom(app, { userId: principal.user.id, roomId: params['roomId'] ?? '' }),
    handle: ({ found }) => Promise.resolve(found),
  }),
  PATCH: operation({
    summary: 'Renames a room or describes it anew; what is left out stays.',
    body: ZUpdateRoom,
    status: 200,
    response: ZRoom,
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      updateRoom(app, { userId: principal.user.id, roomId: found.id, changes: body }),
  }),
  DELETE: operation({
    summary: 'Deletes a room and stops its turns; it can be restored for 7 days.',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, principal, found }) => deleteRoom(app, { userId: principal.user.id, roomId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
