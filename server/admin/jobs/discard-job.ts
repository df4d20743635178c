import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import { lockFailedJob, type JobName } from '#server/admin/jobs/lock-failed-job.ts';
import { transaction } from '#server/platform/db.ts';

/** Throws a failed job away: whatever it was to do stays undone. */
export async function discardJob(
  { db, queue }: Pick<App, 'db' | 'queue'>,
  { job, by }: { job: JobName; by: By },
): Promise<void> {
  await transaction(db, async (tx) => {
    await lockFailedJob(tx, job);
    await queue.discard(job.queue, job.jobId, tx);
    await recordAudit(tx, { ...by, action: 'job.discard', target: { type: 'job', id: `${job.queue}/${job.jobId}` } });
  });
}
