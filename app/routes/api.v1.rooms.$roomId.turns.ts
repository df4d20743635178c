import { z } from 'zod';
import { getOwnedRoomId } from '#server/auth/find-owned.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';
import { acceptTurn, SEND_ERRORS } from '#server/turns/accept-turn.ts';
import { ZCreateTurn, ZTurn } from '#server/turns/contract.ts';
import { findTurns } from '#server/turns/find-turns.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The turns of the active branch (or of `branch`); the first page holds the newest, each page oldest first',
    query: ZPageQuery.extend({ branch: z.uuid().optional() }),
    status: 200,
    response: pageOf(ZTurn),
    find: ({ app, principal, params }) => getOwnedRoomId(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, found, query }) =>
      findTurns(app, { conversationId: found.id, branchId: query.branch, limit: query.limit, cursor: query.cursor }),
  }),
  POST: operation({
    summary: 'Send a message; with the header Idempotency-Key the same send again gives the same turn',
    body: ZCreateTurn,
    headers: ZIdempotencyHeader,
    status: 202,
    response: z.object({ turn: ZTurn }),
    errors: SEND_ERRORS,
    find: ({ app, principal, params }) => getOwnedRoomId(app, principal.user.id, params['roomId'] ?? ''),
    handleFinds: true,
    handle: async ({ app, principal, params, body, request, context }) => {
      const turn = await acceptTurn(app, {
        user: principal.user,
        conversation: { kind: 'room', id: params['roomId'] ?? '' },
        request: body,
        idempotencyKey: readIdempotencyKey(request),
        requestId: context.requestId,
      });
      return new Reply({ turn }, { headers: { Location: `/api/v1/turns/${turn.id}` } });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
