import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import { lockFailedJob, type JobName } from '#server/admin/jobs/lock-failed-job.ts';
import { transaction } from '#server/platform/db.ts';

/** Gives a failed job one more attempt, at once. */
export async function retryJob(
  { db, queue }: Pick<App, 'db' | 'queue'>,
  { job, by }: { job: JobName; by: By },
): Promise<void> {
  await transaction(db, async (tx) => {
    await lockFailedJob(tx, job);
    await queue.retry(job.queue, job.jobId, tx);
    await recordAudit(tx, { ...by, action: 'job.retry', target: { type: 'job', id: `${job.queue}/${job.jobId}` } });
  });
}
