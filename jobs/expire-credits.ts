import { z } from 'zod';
import type { App } from '#server/app.ts';
import { expireCredits } from '#server/billing/expire-credits.ts';

/** Books credits whose time is up. They count for nothing from that moment on, whenever this comes by. */
export function defineExpireCredits(app: Pick<App, 'db' | 'queue'>): void {
  app.queue.define(
    'expire-credits',
    z.object({}),
    { cron: '*/10 * * * *', expireInSeconds: 600 },
    async (_, { signal }) => {
      await expireCredits(app, signal);
    },
  );
}
