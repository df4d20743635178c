import { z } from 'zod';
import { ZApiKey, ZCreateApiKey } from '#server/auth/contract.ts';
import { createApiKey } from '#server/auth/create-api-key.ts';
import { findApiKeys } from '#server/auth/find-api-keys.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZPageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The caller’s API keys, newest first.',
    query: ZPageQuery,
    status: 200,
    response: pageOf(ZApiKey),
    handle: ({ app, principal, query }) => findApiKeys(app, { userId: principal.user.id, ...query }),
  }),
  POST: operation({
    summary: 'Makes an API key; the key itself is shown this once.',
    body: ZCreateApiKey,
    status: 201,
    response: z.object({ apiKey: ZApiKey, key: z.string() }),
    handle: ({ app, principal, body }) => createApiKey(app, { principal, input: body }),
  }),
});
export const loader = route.loader;
export const action = route.action;
