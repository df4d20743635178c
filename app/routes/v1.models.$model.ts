import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZOpenAiModel } from '#server/openai/contract.ts';
import { getModel } from '#server/openai/get-model.ts';
import { presentModel } from '#server/openai/present-model.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'One of them, by `room:<id>` or `direct:<id>`.',
    params: { model: z.string() },
    status: 200,
    errors: ['model_not_found'],
    response: ZOpenAiModel,
    find: ({ app, principal, params }) => getModel(app, principal.user.id, params['model'] ?? ''),
    handle: ({ found }) => Promise.resolve(presentModel(found)),
  }),
});
export const loader = route.loader;
export const action = route.action;
