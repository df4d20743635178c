import { z } from 'zod';
import { ZUser, ZVerifyRequest } from '#server/auth/contract.ts';
import { sessionCookie } from '#server/auth/session-cookie.ts';
import { signIn } from '#server/auth/sign-in.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Spends the token of a mailed link and signs in: the answer sets the session cookie.',
    audience: 'public',
    body: ZVerifyRequest,
    status: 200,
    response: z.object({ user: ZUser }),
    errors: ['link_spent', 'invite_required'],
    async handle({ app, body, request, context }) {
      const { user, sessionToken } = await signIn(app, {
        token: body.token,
        request,
        requestId: context.requestId,
      });
      return new Reply({ user }, { headers: { 'Set-Cookie': await sessionCookie(app, sessionToken) } });
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
