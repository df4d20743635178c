import { Readable } from 'node:stream';
import { createReadableStreamFromReadable } from '@remix-run/node';
import { z } from 'zod';
import { exportAccount } from '#server/export/export-account.ts';
import { zip } from '#server/export/zip.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'Everything that the caller has here, as a zip of JSON, Markdown and files, made as it is read.',
    status: 200,
    response: null,
    produces: { 'application/zip': z.string().meta({ format: 'binary' }) },
    handle: ({ app, principal }) => {
      const day = new Date().toISOString().slice(0, 10);
      const body = createReadableStreamFromReadable(Readable.from(zip(exportAccount(app, principal.user))));
      return Promise.resolve(
        new Response(body, {
          headers: {
            'Content-Type': 'application/zip',
            'Content-Disposition': `attachment; filename="pantheon-${day}.zip"`,
          },
        }),
      );
    },
  }),
});
export const loader = route.loader;
export const action = route.action;
