import { z } from 'zod';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { pageOf } from '#server/http/page.ts';
import { ZTurn } from '#server/turns/contract.ts';
import { SEND_ERRORS } from '#server/turns/accept-turn.ts';
import { readIdempotencyKey, ZIdempotencyHeader } from '#server/turns/read-idempotency-key.ts';
import { ZWhatIf } from '#server/what-ifs/contract.ts';
import { findWhatIfs } from '#server/what-ifs/find-what-ifs.ts';
import { tryWhatIf } from '#server/what-ifs/try-what-if.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'What was tried differently of a turn, oldest first',
    status: 200,
    response: pageOf(ZTurn),
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, found }) => findWhatIfs(app, found.id),
  }),
  POST: operation({
    summary: 'Try a past turn with another mode, roster or models: a metered turn beside it, on no branch',
    body: ZWhatIf,
    headers: ZIdempotencyHeader,
    status: 202,
    response: z.object({ turn: ZTurn }),
    errors: ['conflict', ...SEND_ERRORS],
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: async ({ app, principal, found, body, request, context }) => {
      const turn = await tryWhatIf(app, {
        user: principal.user,
        turn: found,
        wanted: body,
        idempotencyKey: readIdempotencyKey(request),
        requestId: context.requestId,
      });
      return new Reply({ turn }, { headers: { Location: `/api/v1/turns/${turn.id}` } });
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
