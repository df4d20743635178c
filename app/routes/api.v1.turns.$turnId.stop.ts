import { z } from 'zod';
import { getOwnedTurnId } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZTurn } from '#server/turns/contract.ts';
import { getTurn } from '#server/turns/get-turn.ts';
import { stopTurn } from '#server/turns/stop-turn.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Stop a turn; one that waits leaves the queue',
    status: 202,
    response: z.object({ turn: ZTurn }),
    find: ({ app, principal, params }) => getOwnedTurnId(app, principal.user.id, params['turnId'] ?? ''),
    handle: async ({ app, found }) => {
      await stopTurn(app, { turnId: found.id });
      return { turn: await getTurn(app, found.id) };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
