import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZCreateInvite, ZInvite } from '#server/admin/contract.ts';
import { createInvite } from '#server/admin/invites/create-invite.ts';
import { findInvites } from '#server/admin/invites/find-invites.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Everybody who was invited, the newest first',
    audience: 'admin',
    query: ZPageQuery,
    status: 200,
    response: pageOf(ZInvite),
    handle: ({ app, query }) => findInvites(app, query),
  }),
  POST: operation({
    summary: 'Invites an e-mail address; no mail is sent',
    audience: 'admin',
    body: ZCreateInvite,
    status: 201,
    response: ZInvite,
    errors: ['conflict'],
    handle: ({ app, principal, body, context }) =>
      createInvite(app, { email: body.email, by: byRequest(principal, context) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
