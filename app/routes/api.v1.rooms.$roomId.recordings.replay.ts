import { getOwnedRoom } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZRunTests, ZTestReport } from '#server/recordings/contract.ts';
import { runTests } from '#server/recordings/run-tests.ts';

export const route = apiRoute({
  POST: operation({
    summary:
      'Replay the room’s tests with its agents as they are, or with one changed: which contracts break, which requests change. ' +
      'No model is asked and nothing is charged',
    scope: 'read',
    allowSuspended: true,
    body: ZRunTests,
    status: 200,
    response: ZTestReport,
    find: ({ app, principal, params }) => getOwnedRoom(app, principal.user.id, params['roomId'] ?? ''),
    handle: ({ app, found, body }) => runTests(app, { roomId: found.id, ...body }),
  }),
});
export const loader = route.loader;
export const action = route.action;
