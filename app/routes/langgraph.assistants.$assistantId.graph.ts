import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZAssistantGraph } from '#server/langgraph/contract.ts';
import { getAssistant } from '#server/langgraph/get-assistant.ts';
import { drawGraph } from '#server/turns/draw-graph.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The graph that the next message runs, as LangGraph draws it',
    status: 200,
    response: ZAssistantGraph,
    find: ({ app, principal, params }) => getAssistant(app, principal.user.id, params['assistantId'] ?? ''),
    handle: ({ found }) => drawGraph(found.mode),
  }),
});
export const loader = route.loader;
export const action = route.action;
