import { getOwnedShare } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { revokeShare } from '#server/shares/revoke-share.ts';

export const route = apiRoute({
  DELETE: operation({
    summary: 'Revokes a link; it leads nowhere from then on.',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedShare(app, principal.user.id, params['shareId'] ?? ''),
    handle: ({ app, found }) => revokeShare(app, { shareId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
