import { z } from 'zod';
import type { App } from '#server/app.ts';
import { deleteSettledCheckpoints } from '#server/turns/delete-settled-checkpoints.ts';

/** A settled turn's checkpoints help nobody but whoever looks into what just happened. */
const SETTLED_FOR_MINUTES = 60;

/** Clears the crash scratch of turns that are over. */
export function defineDeleteCheckpoints(app: Pick<App, 'db' | 'queue'>): void {
  app.queue.define('delete-checkpoints', z.object({}), { cron: '*/10 * * * *', expireInSeconds: 600 }, async () => {
    await deleteSettledCheckpoints(app, { settledForMinutes: SETTLED_FOR_MINUTES });
  });
}
