import { z } from 'zod';
import { ZUser } from '#server/auth/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Who is signed in.',
    status: 200,
    response: z.object({ user: ZUser }),
    handle: ({ principal }) => Promise.resolve({ user: principal.user }),
  }),
});
export const loader = route.loader;
export const action = route.action;
