import { ZAdminUser, ZUserFilter } from '#server/admin/contract.ts';
import { findUsers } from '#server/admin/users/find-users.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Everybody who has an account, the newest first; by a part of the address, role or suspension',
    audience: 'admin',
    query: ZPageQuery.extend(ZUserFilter.shape),
    status: 200,
    response: pageOf(ZAdminUser),
    handle: ({ app, query }) => findUsers(app, query),
  }),
});

export const loader = route.loader;
export const action = route.action;
