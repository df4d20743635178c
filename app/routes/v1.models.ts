import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZOpenAiModelList } from '#server/openai/contract.ts';
import { findModels } from '#server/openai/find-models.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'OpenAI’s list of models: your rooms and direct chats.',
    status: 200,
    response: ZOpenAiModelList,
    handle: ({ app, principal }) => findModels(app, { userId: principal.user.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
