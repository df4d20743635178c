import type { App } from '#server/app.ts';
import { defineApplyPaymentEvent } from '#jobs/apply-payment-event.ts';
import { defineDeleteCheckpoints } from '#jobs/delete-checkpoints.ts';
import { defineExpireCredits } from '#jobs/expire-credits.ts';
import { defineForgetSignIns } from '#jobs/forget-sign-ins.ts';
import { defineForgetUploads } from '#jobs/forget-uploads.ts';
import { defineParseFile } from '#jobs/parse-file.ts';
import { definePurge } from '#jobs/purge.ts';
import { defineReconcileCosts } from '#jobs/reconcile-costs.ts';
import { defineRefreshRollups } from '#jobs/refresh-rollups.ts';
import { defineSendMagicLink } from '#jobs/send-magic-link.ts';
import { defineSendRetentionNotice } from '#jobs/send-retention-notice.ts';
import { defineVerifyLedger } from '#jobs/verify-ledger.ts';
import { defineWarnOfRetention } from '#jobs/warn-of-retention.ts';

/** Every job there is. A process that doesn't run jobs has to know them as well, to send them. */
export function defineJobs(app: App): void {
  defineSendMagicLink(app);
  defineForgetSignIns(app);
  defineParseFile(app);
  defineForgetUploads(app);
  defineDeleteCheckpoints(app);
  defineApplyPaymentEvent(app);
  defineExpireCredits(app);
  defineVerifyLedger(app);
  defineReconcileCosts(app);
  definePurge(app);
  defineWarnOfRetention(app);
  defineSendRetentionNotice(app);
  defineRefreshRollups(app);
}
