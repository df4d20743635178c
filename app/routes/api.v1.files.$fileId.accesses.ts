import { getOwnedFile } from '#server/auth/find-owned.ts';
import { ZFileAccess } from '#server/files/contract.ts';
import { findFileAccesses } from '#server/files/find-file-accesses.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Which agents read what of it, or were denied, newest first',
    query: ZPageQuery,
    status: 200,
    response: pageOf(ZFileAccess),
    find: ({ app, principal, params }) => getOwnedFile(app, principal.user.id, params['fileId'] ?? ''),
    handle: ({ app, found, query }) => findFileAccesses(app, { fileId: found.id, ...query }),
  }),
});

export const loader = route.loader;
export const action = route.action;
