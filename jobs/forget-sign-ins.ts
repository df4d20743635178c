import { z } from 'zod';
import type { App } from '#server/app.ts';
import { forgetSignIns } from '#server/auth/forget-sign-ins.ts';

/** Sweeps up after sign-ins: ended sessions, old links, empty rate limits. */
export function defineForgetSignIns(app: Pick<App, 'db' | 'queue'>): void {
  app.queue.define('forget-sign-ins', z.object({}), { cron: '17 * * * *', expireInSeconds: 300 }, () =>
    forgetSignIns(app),
  );
}
