import type { App } from '#server/app.ts';
import { defineDeleteCheckpoints } from '#jobs/delete-checkpoints.ts';
import { defineForgetSignIns } from '#jobs/forget-sign-ins.ts';
import { defineSendMagicLink } from '#jobs/send-magic-link.ts';

/** Every job there is. A process that doesn't run jobs has to know them as well, to send them. */
export function defineJobs(app: App): void {
  defineSendMagicLink(app);
  defineForgetSignIns(app);
  defineDeleteCheckpoints(app);
}
