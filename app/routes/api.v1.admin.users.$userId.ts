import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZAdminUser, ZUpdateUser } from '#server/admin/contract.ts';
import { getUser } from '#server/admin/users/find-users.ts';
import { updateUser } from '#server/admin/users/update-user.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'An account',
    audience: 'admin',
    status: 200,
    response: ZAdminUser,
    find: ({ app, params }) => getUser(app, params['userId'] ?? ''),
    handle: ({ found }) => Promise.resolve(found),
  }),
  PATCH: operation({
    summary: 'Cap, suspension, role, plan; all of it or nothing, each change in the audit log',
    audience: 'admin',
    body: ZUpdateUser,
    status: 200,
    response: ZAdminUser,
    errors: ['conflict'],
    find: ({ app, params }) => getUser(app, params['userId'] ?? ''),
    handle: ({ app, principal, found, body, context }) =>
      updateUser(app, { userId: found.id, change: body, by: byRequest(principal, context) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
