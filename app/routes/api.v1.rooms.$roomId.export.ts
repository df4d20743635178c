import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { ZRoomFile } from '#server/export/contract.ts';
import { exportRoom } from '#server/export/export-room.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The room as one readable file, which another account can import.',
    status: 200,
    response: ZRoomFile,
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: async ({ app, principal, found }) => {
      const file = await exportRoom(app, { userId: principal.user.id, roomId: found.id });
      return new Response(`${JSON.stringify(file, null, 2)}\n`, {
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Disposition': `attachment; filename="room-${found.id.slice(-8)}.json"`,
        },
      });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
