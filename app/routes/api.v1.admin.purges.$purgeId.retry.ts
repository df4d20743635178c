import { z } from 'zod';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { retryPurge } from '#server/admin/purges/retry-purge.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Tries a purge that failed again, at once',
    audience: 'admin',
    status: 202,
    response: z.object({ id: z.uuid() }),
    errors: ['conflict'],
    handle: async ({ app, principal, params, context }) => {
      const purgeId = params['purgeId'] ?? '';
      await retryPurge(app, { purgeId, by: byRequest(principal, context) });
      return { id: purgeId };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
