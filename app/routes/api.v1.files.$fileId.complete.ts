import { z } from 'zod';
import { getOwnedFile } from '#server/auth/find-owned.ts';
import { completeFile } from '#server/files/complete-file.ts';
import { ZFile } from '#server/files/contract.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'Take an upload over: its type is checked, then it is read',
    status: 202,
    response: z.object({ file: ZFile }),
    errors: ['conflict', 'unsupported_file_type', 'unavailable'],
    find: ({ app, principal, params }) => getOwnedFile(app, principal.user.id, params['fileId'] ?? ''),
    handle: async ({ app, found }) => ({ file: await completeFile(app, { file: found }) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
