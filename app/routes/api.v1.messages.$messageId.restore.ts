import { getOwnedMessage } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZMessage } from '#server/turns/contract.ts';
import { restoreMessage } from '#server/turns/restore-message.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Put a deleted message back',
    status: 200,
    response: ZMessage,
    errors: ['restore_expired'],
    find: ({ app, principal, params }) =>
      getOwnedMessage(app, principal.user.id, params['messageId'] ?? '', { deleted: 'include' }),
    handle: ({ app, found }) => restoreMessage(app, found.id),
  }),
});

export const loader = route.loader;
export const action = route.action;
