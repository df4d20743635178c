import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { pageOf, ZDeletablePageQuery } from '#server/http/page.ts';
import { ZCreateRoom, ZRoom } from '#server/rooms/contract.ts';
import { createRoom } from '#server/rooms/create-room.ts';
import { findRooms } from '#server/rooms/find-rooms.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The caller’s rooms, the last changed first; with deleted=true those that can still be restored.',
    query: ZDeletablePageQuery,
    status: 200,
    response: pageOf(ZRoom),
    handle: ({ app, principal, query }) =>
      findRooms(app, { userId: principal.user.id, ...query, deleted: query.deleted === 'true' }),
  }),
  POST: operation({
    summary: 'Makes an empty room, in manual mode.',
    body: ZCreateRoom,
    status: 201,
    response: ZRoom,
    handle: async ({ app, principal, body }) => {
      const room = await createRoom(app, { userId: principal.user.id, room: body });
      return new Reply(room, { headers: { Location: `/api/v1/rooms/${room.id}` } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
