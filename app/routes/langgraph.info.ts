import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'What LangGraph’s clients ask first.',
    audience: 'public',
    status: 200,
    response: z.object({ version: z.string(), flags: z.record(z.string(), z.boolean()) }),
    handle: () =>
      Promise.resolve({ version: '1', flags: { assistants: true, crons: false, store: false, langsmith: false } }),
  }),
});
export const loader = route.loader;
export const action = route.action;
