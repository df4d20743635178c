import { z } from 'zod';
import type { App } from '#server/app.ts';
import { forgetUploads } from '#server/files/forget-uploads.ts';

/** Sweeps up after uploads that were never finished. */
export function defineForgetUploads(app: Pick<App, 'prisma' | 'storage' | 'queue'>): void {
  app.queue.define('forget-uploads', z.object({}), { cron: '41 * * * *', expireInSeconds: 300 }, () =>
    forgetUploads(app),
  );
}
