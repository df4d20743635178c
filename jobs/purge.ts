import { z } from 'zod';
import type { App } from '#server/app.ts';
import { runPurges } from '#server/retention/run-purges.ts';

/** Purges what is out of grace and what has come of age. What is left when it is stopped, the next one goes on with. */
export function definePurge(app: App): void {
  app.queue.define('purge', z.object({}), { cron: '*/10 * * * *', expireInSeconds: 3_600 }, (_, { signal }) =>
    runPurges(app, signal),
  );
}
