import { byRequest } from '#server/admin/audit/by-request.ts';
import { revokeInvite } from '#server/admin/invites/revoke-invite.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  DELETE: operation({
    summary: 'Takes an invitation back that nobody used yet',
    audience: 'admin',
    status: 204,
    response: null,
    errors: ['conflict'],
    handle: ({ app, principal, params, context }) =>
      revokeInvite(app, { inviteId: params['inviteId'] ?? '', by: byRequest(principal, context) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
