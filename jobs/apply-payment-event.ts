import { z } from 'zod';
import type { App } from '#server/app.ts';
import { applyPaymentEvent } from '#server/billing/apply-payment-event.ts';

/** Brings here what an event of the payment provider is about. Tried for about a day while the provider can't be reached. */
export function defineApplyPaymentEvent(app: Pick<App, 'db' | 'payments' | 'log' | 'queue'>): void {
  app.queue.define(
    'apply-payment-event',
    z.object({ eventId: z.string().min(1) }),
    { retryLimit: 30, retryDelaySeconds: 2, expireInSeconds: 120, concurrency: 4 },
    (payload) => applyPaymentEvent(app, payload),
  );
}
