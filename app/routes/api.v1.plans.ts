import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf } from '#server/http/page.ts';
import { ZPlanOffer } from '#server/models/contract.ts';
import { findPlans } from '#server/models/find-plans.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The plans on offer, the smallest first, with the models that each allows.',
    status: 200,
    response: pageOf(ZPlanOffer),
    handle: async ({ app }) => ({ items: await findPlans(app), nextCursor: null }),
  }),
});
export const loader = route.loader;
export const action = route.action;
