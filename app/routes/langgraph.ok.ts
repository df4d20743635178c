import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Says that LangGraph’s API is here.',
    audience: 'public',
    status: 200,
    response: z.object({ ok: z.literal(true) }),
    handle: () => Promise.resolve({ ok: true }),
  }),
});
export const loader = route.loader;
export const action = route.action;
