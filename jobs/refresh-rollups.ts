import { z } from 'zod';
import { refreshRollups } from '#server/admin/analytics/refresh-rollups.ts';
import type { App } from '#server/app.ts';

/** Keeps the analytics quick; they are right without it, since what is not rolled up yet is read as it is. */
export function defineRefreshRollups(app: Pick<App, 'db' | 'queue'>): void {
  app.queue.define(
    'refresh-rollups',
    z.object({}),
    { cron: '*/5 * * * *', expireInSeconds: 3_600, policy: 'short', concurrency: 1 },
    (_payload, { signal }) => refreshRollups(app, { signal }),
  );
}
