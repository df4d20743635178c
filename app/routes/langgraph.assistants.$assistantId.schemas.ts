import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZAssistantSchemas } from '#server/langgraph/contract.ts';
import { describeAssistant } from '#server/langgraph/describe-assistant.ts';
import { getAssistant } from '#server/langgraph/get-assistant.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'What a run takes and what its state holds, as JSON Schema',
    status: 200,
    response: ZAssistantSchemas,
    find: ({ app, principal, params }) => getAssistant(app, principal.user.id, params['assistantId'] ?? ''),
    handle: ({ found }) => Promise.resolve(describeAssistant(found.mode)),
  }),
});
export const loader = route.loader;
export const action = route.action;
