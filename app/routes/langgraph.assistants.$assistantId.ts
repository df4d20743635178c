import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZAssistant } from '#server/langgraph/contract.ts';
import { getAssistant } from '#server/langgraph/get-assistant.ts';
import { presentAssistant } from '#server/langgraph/present-assistant.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A room or direct chat as an assistant: its id is the room’s, its graph the mode of the next message',
    status: 200,
    response: ZAssistant,
    find: ({ app, principal, params }) => getAssistant(app, principal.user.id, params['assistantId'] ?? ''),
    handle: ({ found }) => Promise.resolve(presentAssistant(found)),
  }),
});
export const loader = route.loader;
export const action = route.action;
