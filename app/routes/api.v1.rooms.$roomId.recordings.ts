import { z } from 'zod';
import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZKeptTest } from '#server/recordings/contract.ts';
import { findTests } from '#server/recordings/find-tests.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Turns of the room that are kept as tests, at most 20',
    status: 200,
    response: z.object({ items: z.array(ZKeptTest), nextCursor: z.null() }),
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: async ({ app, found }) => ({ items: await findTests(app, found.id), nextCursor: null }),
  }),
});
export const loader = route.loader;
export const action = route.action;
