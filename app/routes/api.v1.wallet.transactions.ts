import { ZTransaction } from '#server/billing/contract.ts';
import { findTransactions } from '#server/billing/find-transactions.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Your ledger, newest first; the balance is the sum of `microCredits`',
    query: ZPageQuery,
    status: 200,
    response: pageOf(ZTransaction),
    handle: ({ app, principal, query }) => findTransactions(app, { userId: principal.user.id, ...query }),
  }),
});

export const loader = route.loader;
export const action = route.action;
