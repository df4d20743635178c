import { getOwnedApiKey } from '#server/auth/find-owned.ts';
import { revokeApiKey } from '#server/auth/revoke-api-key.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  DELETE: operation({
    summary: 'Revokes an API key; it is refused from then on.',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedApiKey(app, principal.user.id, params['apiKeyId'] ?? ''),
    handle: ({ app, found }) => revokeApiKey(app, { apiKeyId: found.id }),
  }),
});
export const loader = route.loader;
export const action = route.action;
