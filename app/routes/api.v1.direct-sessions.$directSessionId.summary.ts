import { getOwnedDirectSession } from '#server/auth/find-owned.ts';
import { ZSummary } from '#server/context/contract.ts';
import { findSummary } from '#server/context/find-summary.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { notFound } from '#server/platform/errors.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'What agents with a summary memory know of the older part of the conversation; 404 while there is none',
    status: 200,
    response: ZSummary,
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: async ({ app, found }) => {
      const summary = await findSummary(app, found.id);
      if (!summary) throw notFound();
      return summary;
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
