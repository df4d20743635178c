import { z } from 'zod';
import type { App } from '#server/app.ts';
import { warnOfRetention } from '#server/retention/warn-of-retention.ts';

/** Tells people that what they wrote comes of age, a week before it is purged. */
export function defineWarnOfRetention(app: Pick<App, 'db' | 'env' | 'queue'>): void {
  app.queue.define('warn-of-retention', z.object({}), { cron: '10 5 * * *', expireInSeconds: 900 }, () =>
    warnOfRetention(app),
  );
}
