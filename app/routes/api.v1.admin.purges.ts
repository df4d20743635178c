import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';
import { ZInGrace, ZPurge } from '#server/retention/contract.ts';
import { findInGrace, findPurges } from '#server/retention/find-purges.ts';

const ZQuery = ZPageQuery.extend({ state: ZPurge.shape.state.optional() });

export const route = apiRoute({
  GET: operation({
    summary: 'The work of purging: what is due, runs, failed or is done, and what can still be restored.',
    audience: 'admin',
    query: ZQuery,
    status: 200,
    response: pageOf(ZPurge).extend({ inGrace: z.array(ZInGrace) }),
    handle: async ({ app, query }) => ({ ...(await findPurges(app, query)), inGrace: await findInGrace(app) }),
  }),
});
export const loader = route.loader;
export const action = route.action;
