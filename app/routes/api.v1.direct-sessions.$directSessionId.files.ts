import { getOwnedDirectSession } from '#server/auth/find-owned.ts';
import { ZCreatedFile, ZCreateFile, ZFile } from '#server/files/contract.ts';
import { createFile } from '#server/files/create-file.ts';
import { findFiles } from '#server/files/find-files.ts';
import { ownOrigin } from '#server/files/own-origin.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { pageOf, ZDeletablePageQuery } from '#server/http/page.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Its files, newest first; with `deleted=true` those that can be restored',
    query: ZDeletablePageQuery,
    status: 200,
    response: pageOf(ZFile),
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: ({ app, found, query }) =>
      findFiles(app, {
        home: { directSessionId: found.id },
        deleted: query.deleted === 'true',
        cursor: query.cursor,
        limit: query.limit,
      }),
  }),
  POST: operation({
    summary: 'Announce a file; its bytes are then PUT at `upload.url`, and `complete` takes them over',
    body: ZCreateFile,
    status: 201,
    response: ZCreatedFile,
    errors: ['file_too_large', 'room_quota_exceeded', 'unsupported_file_type'],
    find: ({ app, principal, params }) =>
      getOwnedDirectSession(app, principal.user.id, params['directSessionId'] ?? ''),
    handle: ({ app, principal, found, body, request }) =>
      createFile(app, {
        userId: principal.user.id,
        home: { directSessionId: found.id },
        request: body,
        origin: ownOrigin(app.env, request),
      }),
  }),
});

export const loader = route.loader;
export const action = route.action;
