import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZPricingVersion } from '#server/admin/contract.ts';
import { addPricingVersion } from '#server/admin/pricing/add-pricing-version.ts';
import { findPricingVersions } from '#server/admin/pricing/find-pricing-versions.ts';
import { ZCreatePricingVersion } from '#server/billing/create-pricing-version.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { pageOf } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Every pricing version with its prices, the newest first',
    audience: 'admin',
    status: 200,
    response: pageOf(ZPricingVersion),
    handle: async ({ app }) => ({ items: await findPricingVersions(app), nextCursor: null }),
  }),
  POST: operation({
    summary: 'Makes a pricing version that takes effect at its time, or a draft',
    audience: 'admin',
    body: ZCreatePricingVersion,
    status: 201,
    response: ZPricingVersion,
    handle: async ({ app, principal, body, context }) => {
      const made = await addPricingVersion(app, { version: body, by: byRequest(principal, context) });
      return new Reply(made, { headers: { Location: `/api/v1/admin/pricing-versions/${made.id}` } });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
