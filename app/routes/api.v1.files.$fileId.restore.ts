import { getOwnedFile } from '#server/auth/find-owned.ts';
import { ZFile } from '#server/files/contract.ts';
import { restoreFile } from '#server/files/restore-file.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Bring a deleted file back, within 7 days',
    status: 200,
    response: ZFile,
    errors: ['restore_expired', 'room_quota_exceeded'],
    find: ({ app, principal, params }) =>
      getOwnedFile(app, principal.user.id, params['fileId'] ?? '', { deleted: 'include' }),
    handle: ({ app, found }) => restoreFile(app, { fileId: found.id }),
  }),
});

export const loader = route.loader;
export const action = route.action;
