import { getOwnedFile } from '#server/auth/find-owned.ts';
import { downloadUrl } from '#server/files/download-url.ts';
import { ownOrigin } from '#server/files/own-origin.ts';
import { apiRoute, operation, Reply } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Leads to the file itself, by an address that expires',
    status: 302,
    response: null,
    find: ({ app, principal, params }) => getOwnedFile(app, principal.user.id, params['fileId'] ?? ''),
    handle: async ({ app, found, request }) =>
      new Reply(null, {
        headers: { Location: await downloadUrl(app, { file: found, origin: ownOrigin(app.env, request) }) },
      }),
  }),
});

export const loader = route.loader;
export const action = route.action;
