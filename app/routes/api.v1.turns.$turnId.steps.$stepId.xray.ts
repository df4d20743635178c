import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZXray } from '#server/xray/contract.ts';
import { getXray } from '#server/xray/get-xray.ts';

export const route = apiRoute({
  GET: operation({
    summary:
      'What a step’s agent was sent, what it was not told and why, who chose it, and what its calls took and cost',
    status: 200,
    response: ZXray,
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, found, params }) => getXray(app, { turnId: found.id, stepId: params['stepId'] ?? '' }),
  }),
});

export const loader = route.loader;
export const action = route.action;
