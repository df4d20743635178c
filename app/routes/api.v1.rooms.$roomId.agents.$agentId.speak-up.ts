import { z } from 'zod';
import { getOwnedAgent } from '#server/auth/find-owned.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { ZTurn } from '#server/turns/contract.ts';
import { speakUp } from '#server/turns/speak-up.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Ask an agent to speak next: a turn of its own, before all that wait',
    status: 202,
    response: z.object({ turn: ZTurn }),
    errors: ['conflict', 'model_not_allowed', 'insufficient_credits', 'monthly_cap_reached', 'too_many_turns'],
    find: ({ app, principal, params }) =>
      getOwnedAgent(app, principal.user.id, params['roomId'] ?? '', params['agentId'] ?? ''),
    handle: async ({ app, principal, found, context }) => {
      const turn = await speakUp(app, {
        user: principal.user,
        roomId: found.roomId,
        agentId: found.id,
        requestId: context.requestId,
      });
      return new Reply({ turn }, { headers: { Location: `/api/v1/turns/${turn.id}` } });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
