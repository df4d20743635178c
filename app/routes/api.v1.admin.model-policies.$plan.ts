import { z } from 'zod';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZModelPolicy, ZSetModelPolicy } from '#server/admin/contract.ts';
import { setModelPolicy } from '#server/admin/models/set-model-policy.ts';
import { findPlans } from '#server/models/find-plans.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { notFound } from '#server/platform/errors.ts';
import type { App } from '#server/app.ts';

async function findPlan(app: App, id: string | undefined) {
  const plan = (await findPlans(app)).find((each) => each.id === id);
  if (!plan) throw notFound();
  return plan;
}

export const route = apiRoute({
  GET: operation({
    summary: 'The models that a plan has',
    audience: 'admin',
    params: { plan: z.string() },
    status: 200,
    response: ZModelPolicy,
    find: ({ app, params }) => findPlan(app, params['plan']),
    handle: ({ found }) => Promise.resolve({ plan: found.id, aliases: found.modelAliases }),
  }),
  PUT: operation({
    summary: 'Says which models a plan has, from the next message on',
    audience: 'admin',
    params: { plan: z.string() },
    body: ZSetModelPolicy,
    status: 200,
    response: ZModelPolicy,
    find: ({ app, params }) => findPlan(app, params['plan']),
    handle: ({ app, principal, found, body, context }) =>
      setModelPolicy(app, { plan: found.id, aliases: body.aliases, by: byRequest(principal, context) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
