import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';
import { ZKeepTest, ZRecording } from '#server/recordings/contract.ts';
import { findLimit } from '#server/recordings/find-tests.ts';
import { dropTest, keepTest } from '#server/recordings/keep-test.ts';
import { recordTurn } from '#server/recordings/record-turn.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The turn as a recording: a file that can be replayed anywhere without a model',
    status: 200,
    response: ZRecording,
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: async ({ app, found }) => {
      const maxMicroCredits = (await findLimit(app, found.id)) ?? undefined;
      const recording = await recordTurn(app, { turnId: found.id, maxMicroCredits });
      const name = `turn-${found.id.slice(-8)}.json`;
      return new Reply(recording, { headers: { 'Content-Disposition': `attachment; filename="${name}"` } });
    },
  }),
  PUT: operation({
    summary: 'Keep the turn as a test of its room',
    body: ZKeepTest,
    status: 204,
    response: null,
    errors: ['conflict'],
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, found, body }) => keepTest(app, { turn: found, ...body }),
  }),
  DELETE: operation({
    summary: 'Let the turn be no test any more',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, found }) => dropTest(app, found.id),
  }),
});
export const loader = route.loader;
export const action = route.action;
