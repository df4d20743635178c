import { addAgent } from '#server/agents/add-agent.ts';
import { ZAgent, ZCreateAgent } from '#server/agents/contract.ts';
import { findAgents } from '#server/agents/find-agents.ts';
import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A room’s agents in their order, active or not.',
    query: ZPageQuery,
    status: 200,
    response: pageOf(ZAgent),
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, found, query }) => findAgents(app, { roomId: found.id, ...query }),
  }),
  POST: operation({
    summary: 'Adds an agent at the end of the order; it takes part from the next send on.',
    body: ZCreateAgent,
    status: 201,
    response: ZAgent,
    errors: ['model_not_allowed'],
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: async ({ app, principal, found, body }) => {
      const agent = await addAgent(app, { user: principal.user, roomId: found.id, agent: body });
      return new Reply(agent, { headers: { Location: `/api/v1/rooms/${found.id}/agents/${agent.id}` } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
