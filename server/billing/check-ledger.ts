import type { App } from '#server/app.ts';
import { verifyLedger } from '#server/billing/verify-ledger.ts';

/** Verifies the ledger and raises the alarm for what doesn't add up: an error in the log, and the metric `ledger_drifts`. */
export async function checkLedger(app: Pick<App, 'db' | 'log' | 'metrics'>): Promise<void> {
  const { drifts, ...counted } = await verifyLedger(app);
  app.metrics.ledgerDrifts.set(drifts.length);
  if (drifts.length === 0) app.log.info('the ledger adds up', counted);
  else
    app.log.error('the ledger does not add up', { drifts: drifts.length, examples: drifts.slice(0, 10), ...counted });
}
