import { z } from 'zod';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { ZTurn } from '#server/turns/contract.ts';
import { regenerateStep } from '#server/turns/regenerate-step.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Have one step done again on a new branch; what it builds on is reused at no cost',
    status: 202,
    response: z.object({ turn: ZTurn }),
    errors: ['conflict', 'model_not_allowed', 'insufficient_credits'],
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: async ({ app, principal, found, params, context }) => {
      const turn = await regenerateStep(app, {
        user: principal.user,
        turnId: found.id,
        stepId: params['stepId'] ?? '',
        requestId: context.requestId,
      });
      return new Reply({ turn }, { headers: { Location: `/api/v1/turns/${turn.id}` } });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
