import { z } from 'zod';
import { getOwnedFile } from '#server/auth/find-owned.ts';
import { ZFilePage } from '#server/files/contract.ts';
import { findFilePages } from '#server/files/find-file-pages.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'What a file says, as agents read it, from page `from` on',
    query: ZPageQuery.extend({
      from: z.coerce.number().int().min(1).max(1_000_000).default(1),
      limit: z.coerce.number().int().min(1).max(20).default(5),
    }),
    status: 200,
    response: pageOf(ZFilePage),
    find: ({ app, principal, params }) => getOwnedFile(app, principal.user.id, params['fileId'] ?? ''),
    handle: ({ app, found, query }) => findFilePages(app, { fileId: found.id, ...query }),
  }),
});

export const loader = route.loader;
export const action = route.action;
