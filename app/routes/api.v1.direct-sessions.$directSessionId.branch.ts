import { getOwnedDirectSession } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { chooseBranch } from '#server/turns/choose-branch.ts';
import { ZBranchChoice } from '#server/turns/contract.ts';

export const route = apiRoute({
  PUT: operation({
    summary: 'Go to the branch that a turn is on: it is shown, and written on, from now on',
    body: ZBranchChoice,
    status: 204,
    response: null,
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      chooseBranch(app, {
        userId: principal.user.id,
        conversation: { kind: 'direct', id: found.id },
        turnId: body.turnId,
      }),
  }),
});

export const loader = route.loader;
export const action = route.action;
