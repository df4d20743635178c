import { getOwnedMessage } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pinMessage } from '#server/turns/pin-message.ts';
import { unpinMessage } from '#server/turns/unpin-message.ts';

export const route = apiRoute({
  PUT: operation({
    summary: 'Pin a message: it is kept at hand in its conversation',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedMessage(app, principal.user.id, params['messageId'] ?? ''),
    handle: ({ app, found }) => pinMessage(app, found.id),
  }),
  DELETE: operation({
    summary: 'Take the pin away',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedMessage(app, principal.user.id, params['messageId'] ?? ''),
    handle: ({ app, found }) => unpinMessage(app, found.id),
  }),
});

export const loader = route.loader;
export const action = route.action;
