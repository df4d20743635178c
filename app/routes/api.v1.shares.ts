import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';
import { ZShare } from '#server/shares/contract.ts';
import { findShares } from '#server/shares/find-shares.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The caller’s read-only links that are in force, newest first.',
    query: ZPageQuery.extend({ conversationId: z.uuid().optional().describe('Of this room or direct chat.') }),
    status: 200,
    response: pageOf(ZShare),
    handle: ({ app, principal, query }) => findShares(app, { userId: principal.user.id, ...query }),
  }),
});
export const loader = route.loader;
export const action = route.action;
