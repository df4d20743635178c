import { ZAgent, ZUpdateAgent } from '#server/agents/contract.ts';
import { presentAgent } from '#server/agents/present-agent.ts';
import { removeAgent } from '#server/agents/remove-agent.ts';
import { updateAgent } from '#server/agents/update-agent.ts';
import { getOwnedAgent } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'An agent of a room.',
    status: 200,
    response: ZAgent,
    find: ({ app, principal, params }) =>
      getOwnedAgent(app, principal.user.id, params['roomId'] ?? '', params['agentId'] ?? ''),
    handle: ({ found }) => Promise.resolve(presentAgent(found)),
  }),
  PATCH: operation({
    summary: 'Changes an agent from the next send on; what is left out stays.',
    body: ZUpdateAgent,
    status: 200,
    response: ZAgent,
    errors: ['model_not_allowed'],
    find: ({ app, principal, params }) =>
      getOwnedAgent(app, principal.user.id, params['roomId'] ?? '', params['agentId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      updateAgent(app, { user: principal.user, roomId: found.roomId, agentId: found.id, changes: body }),
  }),
  DELETE: operation({
    summary: 'Takes an agent out of the room from the next send on. What it said stays; its name is free again.',
    status: 204,
    response: null,
    find: ({ app, principal, params }) =>
      getOwnedAgent(app, principal.user.id, params['roomId'] ?? '', params['agentId'] ?? ''),
    handle: ({ app, principal, found }) =>
      removeAgent(app, { userId: principal.user.id, roomId: found.roomId, agentId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
