import { ZRoomOrder } from '#server/conversations/contract.ts';
import { orderConversations } from '#server/conversations/order-conversations.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  PUT: operation({
    summary: 'Orders the caller’s rooms in the sidebar; those that are not named come after.',
    body: ZRoomOrder,
    status: 204,
    response: null,
    handle: ({ app, principal, body }) =>
      orderConversations(app, { kind: 'room', userId: principal.user.id, ids: body.roomIds, path: 'roomIds' }),
  }),
});
export const loader = route.loader;
export const action = route.action;
