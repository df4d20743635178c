import { z } from 'zod';
import { ZUpdateProfile, ZUser } from '#server/auth/contract.ts';
import { updateProfile } from '#server/auth/update-profile.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

const ZMe = z.object({ user: ZUser });

export const route = apiRoute({
  GET: operation({
    summary: 'Who is signed in.',
    status: 200,
    response: ZMe,
    handle: ({ principal }) => Promise.resolve({ user: principal.user }),
  }),
  PATCH: operation({
    summary: 'Changes how the caller is called; an empty name takes it back.',
    body: ZUpdateProfile,
    status: 200,
    response: ZMe,
    handle: async ({ app, principal, body }) => ({
      user: await updateProfile(app, { user: principal.user, changes: body }),
    }),
  }),
});
export const loader = route.loader;
export const action = route.action;
