import { getOwnedFile } from '#server/auth/find-owned.ts';
import { ZFile } from '#server/files/contract.ts';
import { deleteFile } from '#server/files/delete-file.ts';
import { presentFile } from '#server/files/present-file.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'A file and how far it is read',
    status: 200,
    response: ZFile,
    find: ({ app, principal, params }) => getOwnedFile(app, principal.user.id, params['fileId'] ?? ''),
    handle: async ({ found }) => presentFile(found),
  }),
  DELETE: operation({
    summary: 'Delete a file; it can be restored for 7 days',
    status: 204,
    response: null,
    find: ({ app, principal, params }) => getOwnedFile(app, principal.user.id, params['fileId'] ?? ''),
    handle: ({ app, found }) => deleteFile(app, { fileId: found.id }),
  }),
});

export const loader = route.loader;
export const action = route.action;
