import { z } from 'zod';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZPricingVersion } from '#server/admin/contract.ts';
import { changeDraft } from '#server/admin/pricing/change-draft.ts';
import { discardDraft } from '#server/admin/pricing/discard-draft.ts';
import { getPricingVersion } from '#server/admin/pricing/find-pricing-versions.ts';
import { ZCreatePricingVersion } from '#server/billing/create-pricing-version.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A pricing version with its prices',
    audience: 'admin',
    params: { version: z.string() },
    status: 200,
    response: ZPricingVersion,
    find: ({ app, params }) => getPricingVersion(app, Number(params['version'])),
    handle: ({ found }) => Promise.resolve(found),
  }),
  PUT: operation({
    summary: 'Writes a draft anew',
    audience: 'admin',
    params: { version: z.string() },
    body: ZCreatePricingVersion,
    status: 200,
    response: ZPricingVersion,
    errors: ['conflict'],
    find: ({ app, params }) => getPricingVersion(app, Number(params['version'])),
    handle: ({ app, principal, found, body, context }) =>
      changeDraft(app, { id: found.id, version: body, by: byRequest(principal, context) }),
  }),
  DELETE: operation({
    summary: 'Throws a draft away',
    audience: 'admin',
    params: { version: z.string() },
    status: 204,
    response: null,
    errors: ['conflict'],
    find: ({ app, params }) => getPricingVersion(app, Number(params['version'])),
    handle: ({ app, principal, found, context }) =>
      discardDraft(app, { id: found.id, by: byRequest(principal, context) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
