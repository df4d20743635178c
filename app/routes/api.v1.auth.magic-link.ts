import { ZMagicLinkRequest } from '#server/auth/contract.ts';
import { requestMagicLink } from '#server/auth/request-magic-link.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Asks for a sign-in mail; the answer is the same for every address.',
    audience: 'public',
    body: ZMagicLinkRequest,
    status: 202,
    response: null,
    errors: ['too_many_requests'],
    async handle({ app, body, context }) {
      await requestMagicLink(app, { email: body.email, redirectTo: body.redirectTo ?? null, ip: context.ip });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
