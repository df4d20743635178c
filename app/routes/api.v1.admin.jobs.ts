import { ZJobQueue } from '#server/admin/contract.ts';
import { findQueues } from '#server/admin/jobs/find-queues.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The job queues: depth, age of the oldest, schedule, last runs, what failed',
    audience: 'admin',
    status: 200,
    response: pageOf(ZJobQueue),
    handle: async ({ app }) => ({ items: await findQueues(app), nextCursor: null }),
  }),
});

export const loader = route.loader;
export const action = route.action;
