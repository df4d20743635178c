import { z } from 'zod';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { discardJob } from '#server/admin/jobs/discard-job.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  DELETE: operation({
    summary: 'Throws a failed job away',
    audience: 'admin',
    params: { queue: z.string() },
    status: 204,
    response: null,
    errors: ['conflict'],
    handle: ({ app, principal, params, context }) =>
      discardJob(app, {
        job: { queue: params['queue'] ?? '', jobId: params['jobId'] ?? '' },
        by: byRequest(principal, context),
      }),
  }),
});

export const loader = route.loader;
export const action = route.action;
