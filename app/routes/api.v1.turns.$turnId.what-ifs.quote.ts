import { getOwnedTurn } from '#server/auth/find-owned.ts';
import { ZQuote } from '#server/billing/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { ZWhatIf } from '#server/what-ifs/contract.ts';
import { quoteWhatIf } from '#server/what-ifs/quote-what-if.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'What this what-if would cost, as a range; never above what it would reserve',
    scope: 'read',
    body: ZWhatIf,
    status: 200,
    response: ZQuote,
    errors: ['conflict', 'no_valid_tags', 'model_not_allowed'],
    find: ({ app, principal, params }) => getOwnedTurn(app, principal.user.id, params['turnId'] ?? ''),
    handle: ({ app, principal, found, body }) =>
      quoteWhatIf(app, { user: principal.user, turnId: found.id, wanted: body }),
  }),
});

export const loader = route.loader;
export const action = route.action;
