import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { deleteWhatIf } from '#server/what-ifs/delete-what-if.ts';

export const route = apiRoute({
  DELETE: operation({
    summary: 'Delete a what-if at once and for good',
    status: 204,
    response: null,
    errors: ['conflict'],
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, found, params }) =>
      deleteWhatIf(app, { turnId: found.id, whatIfId: params['whatIfId'] ?? '' }).then(() => null),
  }),
});

export const loader = route.loader;
export const action = route.action;
