import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZCreateShare, ZNewShare } from '#server/shares/contract.ts';
import { createShare } from '#server/shares/create-share.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Makes a read-only link to one turn: the message and its replies.',
    body: ZCreateShare,
    status: 201,
    response: ZNewShare,
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      createShare(app, { userId: principal.user.id, kind: 'turn', turnId: found.id, expiresAt: body.expiresAt }),
  }),
});
export const loader = route.loader;
export const action = route.action;
