import { z } from 'zod';
import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZPricingVersion, ZPublishPricing } from '#server/admin/contract.ts';
import { getPricingVersion } from '#server/admin/pricing/find-pricing-versions.ts';
import { publishDraft } from '#server/admin/pricing/publish-draft.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Puts a draft into effect, now or at a time to come',
    audience: 'admin',
    params: { version: z.string() },
    body: ZPublishPricing,
    status: 200,
    response: ZPricingVersion,
    errors: ['conflict'],
    find: ({ app, params }) => getPricingVersion(app, Number(params['version'])),
    handle: ({ app, principal, found, body, context }) =>
      publishDraft(app, { id: found.id, effectiveAt: body.effectiveAt, by: byRequest(principal, context) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
