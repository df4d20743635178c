import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZOpenAiModel } from '#server/openai/contract.ts';
import { findConversation } from '#server/openai/find-conversation.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'One of them, by `room:<id>` or `direct:<id>`.',
    params: { model: z.string() },
    status: 200,
    errors: ['model_not_found'],
    response: ZOpenAiModel,
    find: ({ app, principal, params }) =>
      findConversation(app, { userId: principal.user.id, model: params['model'] ?? '' }),
    handle: ({ found }) => Promise.resolve(found.model),
  }),
});
export const loader = route.loader;
export const action = route.action;
