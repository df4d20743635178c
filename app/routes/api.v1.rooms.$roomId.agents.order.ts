import { ZAgent, ZAgentOrder } from '#server/agents/contract.ts';
import { orderAgents } from '#server/agents/order-agents.ts';
import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf } from '#server/http/page.ts';

export const route = apiRoute({
  PUT: operation({
    summary: 'Puts a room’s agents in this order: every one, active or not, once.',
    body: ZAgentOrder,
    status: 200,
    response: pageOf(ZAgent),
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: async ({ app, principal, found, body }) => ({
      items: await orderAgents(app, { userId: principal.user.id, roomId: found.id, agentIds: body.agentIds }),
      nextCursor: null,
    }),
  }),
});
export const loader = route.loader;
export const action = route.action;
