import { z } from 'zod';
import type { App } from '#server/app.ts';
import { checkLedger } from '#server/billing/check-ledger.ts';

/** Recomputes every balance and charge each night. */
export function defineVerifyLedger(app: Pick<App, 'db' | 'log' | 'metrics' | 'queue'>): void {
  app.queue.define('verify-ledger', z.object({}), { cron: '40 3 * * *', expireInSeconds: 3_600 }, () =>
    checkLedger(app),
  );
}
