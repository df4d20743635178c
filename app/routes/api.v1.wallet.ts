import { ZWallet } from '#server/billing/contract.ts';
import { getWallet } from '#server/billing/get-wallet.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Your credits: of the plan, topped up, reserved and owed',
    status: 200,
    response: ZWallet,
    handle: ({ app, principal }) => getWallet(app, principal.user),
  }),
});

export const loader = route.loader;
export const action = route.action;
