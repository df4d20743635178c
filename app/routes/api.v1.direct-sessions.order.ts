import { ZDirectSessionOrder } from '#server/conversations/contract.ts';
import { orderConversations } from '#server/conversations/order-conversations.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  PUT: operation({
    summary: 'Orders the caller’s direct chats in the sidebar; those that are not named come after.',
    body: ZDirectSessionOrder,
    status: 204,
    response: null,
    handle: ({ app, principal, body }) =>
      orderConversations(app, {
        kind: 'direct',
        userId: principal.user.id,
        ids: body.directSessionIds,
        path: 'directSessionIds',
      }),
  }),
});
export const loader = route.loader;
export const action = route.action;
