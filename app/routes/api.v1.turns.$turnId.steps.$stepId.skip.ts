import { z } from 'zod';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZTurn } from '#server/turns/contract.ts';
import { getTurn } from '#server/turns/get-turn.ts';
import { skipStep } from '#server/turns/skip-step.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Pass over one agent, running or yet to come',
    status: 202,
    response: z.object({ turn: ZTurn }),
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: async ({ app, found, params }) => {
      await skipStep(app, { turnId: found.id, stepId: params['stepId'] ?? '' });
      return { turn: await getTurn(app, found.id) };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
