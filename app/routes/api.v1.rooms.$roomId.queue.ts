import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf } from '#server/http/page.ts';
import { ZQueueOrder, ZTurn } from '#server/turns/contract.ts';
import { findQueue } from '#server/turns/find-queue.ts';
import { orderQueue } from '#server/turns/order-queue.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The turns that wait, in the order in which they will run',
    status: 200,
    response: pageOf(ZTurn),
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, found }) => findQueue(app, found.id),
  }),
  PUT: operation({
    summary: 'Put the waiting turns into another order; all of them must be named',
    body: ZQueueOrder,
    status: 200,
    response: pageOf(ZTurn),
    errors: ['conflict'],
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: async ({ app, found, body }) => {
      await orderQueue(app, { conversationId: found.id, turnIds: body.turnIds });
      return findQueue(app, found.id);
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
