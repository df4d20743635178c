import { z } from 'zod';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZResponseObject } from '#server/openai/contract.ts';
import { presentResponse, turnIdOf } from '#server/openai/present-response.ts';
import { getTurn } from '#server/turns/get-turn.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A response by its id: the turn that it was, whoever began it',
    params: { responseId: z.string() },
    status: 200,
    response: ZResponseObject,
    errors: ['not_found'],
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, turnIdOf(params['responseId'] ?? '')),
    handle: async ({ app, found }) => presentResponse(await getTurn(app, found.id)),
  }),
});
export const loader = route.loader;
export const action = route.action;
