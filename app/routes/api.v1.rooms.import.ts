import { ZRoomFile } from '#server/export/contract.ts';
import { importRoom } from '#server/export/import-room.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { ZRoom } from '#server/rooms/contract.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Makes a room of an exported file: its agents, its mode and what was said.',
    body: ZRoomFile,
    status: 201,
    response: ZRoom,
    errors: ['model_not_allowed', 'body_too_large'],
    handle: async ({ app, principal, body }) => {
      const room = await importRoom(app, { user: principal.user, file: body });
      return new Reply(room, { headers: { Location: `/api/v1/rooms/${room.id}` } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
