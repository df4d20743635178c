import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZCreateShare, ZNewShare } from '#server/shares/contract.ts';
import { shareRoom } from '#server/shares/share-room.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Makes a read-only link to what was said in the room until now.',
    body: ZCreateShare,
    status: 201,
    response: ZNewShare,
    errors: ['conflict'],
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      shareRoom(app, { userId: principal.user.id, roomId: found.id, expiresAt: body.expiresAt }),
  }),
});
export const loader = route.loader;
export const action = route.action;
