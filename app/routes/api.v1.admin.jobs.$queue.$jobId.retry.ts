import { z } from 'zod';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { retryJob } from '#server/admin/jobs/retry-job.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Gives a failed job one more attempt, at once',
    audience: 'admin',
    params: { queue: z.string() },
    status: 202,
    response: z.object({ queue: z.string(), id: z.uuid() }),
    errors: ['conflict'],
    handle: async ({ app, principal, params, context }) => {
      const job = { queue: params['queue'] ?? '', jobId: params['jobId'] ?? '' };
      await retryJob(app, { job, by: byRequest(principal, context) });
      return { queue: job.queue, id: job.jobId };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
