import { getOwnedMessage } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { deleteMessage } from '#server/turns/delete-message.ts';

export const route = apiRoute({
  DELETE: operation({
    summary: 'Delete a message; it can be restored for seven days',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedMessage(app, principal.user.id, params['messageId'] ?? ''),
    handle: ({ app, found }) => deleteMessage(app, found.id),
  }),
});

export const loader = route.loader;
export const action = route.action;
