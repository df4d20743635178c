import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { getAssistant } from '#server/langgraph/get-assistant.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'None: a room’s graph has no graphs in it',
    status: 200,
    response: z.record(z.string(), z.unknown()),
    find: ({ app, principal, params }) => getAssistant(app, principal.user.id, params['assistantId'] ?? ''),
    handle: () => Promise.resolve({}),
  }),
});
export const loader = route.loader;
export const action = route.action;
