import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZRoom } from '#server/rooms/contract.ts';
import { restoreRoom } from '#server/rooms/restore-room.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Brings a deleted room back, within 7 days.',
    status: 200,
    response: ZRoom,
    errors: ['restore_expired'],
    find: ({ app, principal, params }) =>
      getOwnedRoom(app, principal.user.id, params['roomId'] ?? '', { deleted: 'include' }),
    handle: ({ app, principal, found }) => restoreRoom(app, { userId: principal.user.id, roomId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
