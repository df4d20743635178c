import { z } from 'zod';
import type { App } from '#server/app.ts';
import { sendRetentionNotice } from '#server/retention/send-retention-notice.ts';

/** Mails what `warn-of-retention` found. */
export function defineSendRetentionNotice(app: Pick<App, 'db' | 'env' | 'mail' | 'queue'>): void {
  app.queue.define(
    'send-retention-notice',
    z.object({ userId: z.guid() }),
    { retryLimit: 6, retryDelaySeconds: 60, expireInSeconds: 60 },
    (payload) => sendRetentionNotice(app, payload),
  );
}
