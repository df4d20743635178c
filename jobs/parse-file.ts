import { z } from 'zod';
import type { App } from '#server/app.ts';
import { parseFile } from '#server/files/parse-file.ts';

/** Reads an uploaded file. The parser itself lets two files in at a time. */
export function defineParseFile(app: Pick<App, 'db' | 'prisma' | 'storage' | 'parser' | 'log' | 'queue'>): void {
  app.queue.define(
    'parse-file',
    z.object({ fileId: z.guid() }),
    { retryLimit: 4, retryDelaySeconds: 2, expireInSeconds: 120, concurrency: 2 },
    (payload, { signal }) => parseFile(app, payload, signal),
  );
}
