import { z } from 'zod';
import { ZDevMail } from '#server/auth/contract.ts';
import { findDevMails } from '#server/auth/find-dev-mails.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The development mailbox; absent in production and where mail is really sent.',
    audience: 'public',
    status: 200,
    response: z.object({ items: z.array(ZDevMail) }),
    handle: async ({ app }) => ({ items: await findDevMails(app) }),
  }),
});
export const loader = route.loader;
export const action = route.action;
