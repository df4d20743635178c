import { z } from 'zod';
import { getOwnedDirectSession } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';
import { ZMessage } from '#server/turns/contract.ts';
import { findMessages } from '#server/turns/find-messages.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The messages of the active branch (or of `branch`), oldest first',
    query: ZPageQuery.extend({ branch: z.uuid().optional() }),
    status: 200,
    response: pageOf(ZMessage),
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: ({ app, found, query }) =>
      findMessages(app, { conversationId: found.id, branchId: query.branch, limit: query.limit, cursor: query.cursor }),
  }),
});

export const loader = route.loader;
export const action = route.action;
