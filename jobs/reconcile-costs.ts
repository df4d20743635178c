import { z } from 'zod';
import type { App } from '#server/app.ts';
import { reconcileCosts } from '#server/usage/reconcile-costs.ts';

const DAY_MS = 86_400_000;

/** Compares yesterday's cost by our prices with what the providers report. */
export function defineReconcileCosts(app: Pick<App, 'db' | 'llm' | 'log' | 'metrics' | 'queue'>): void {
  app.queue.define(
    'reconcile-costs',
    z.object({}),
    { cron: '20 4 * * *', expireInSeconds: 3_600 },
    async (_, { signal }) => {
      await reconcileCosts(app, { day: new Date(Date.now() - DAY_MS).toISOString().slice(0, 10), signal });
    },
  );
}
