import { getOwnedToolApproval } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZDecision } from '#server/tool-servers/contract.ts';
import { decideToolApproval } from '#server/turns/decide-tool-approval.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Lets a tool’s call that waits be made, or denies it. The id is the call’s.',
    body: ZDecision,
    status: 204,
    response: null,
    errors: ['conflict'],
    find: ({ app, principal, params }) => getOwnedToolApproval(app, principal.user.id, params['toolApprovalId'] ?? ''),
    handle: ({ app, found, body }) => decideToolApproval(app, { toolApprovalId: found.id, decision: body.decision }),
  }),
});
export const loader = route.loader;
export const action = route.action;
