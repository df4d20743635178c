import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZRetention, ZSetRetention } from '#server/retention/contract.ts';
import { getRetention } from '#server/retention/get-retention.ts';
import { setKeep } from '#server/retention/set-keep.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Whether the room is kept, and when its oldest content is purged, if that is soon.',
    status: 200,
    response: ZRetention,
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, found }) => getRetention(app, found.id),
  }),
  PUT: operation({
    summary: 'Keeps what the room holds for good, or lets it come of age again.',
    body: ZSetRetention,
    status: 200,
    response: ZRetention,
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, found, body }) => setKeep(app, { conversationId: found.id, keep: body.keep }),
  }),
});
export const loader = route.loader;
export const action = route.action;
