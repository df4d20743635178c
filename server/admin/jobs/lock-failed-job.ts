import { z } from 'zod';
import type { Tx } from '#server/platform/db.ts';
import { AppError, notFound } from '#server/platform/errors.ts';

export type JobName = { queue: string; jobId: string };

/** Locks a job that failed for good. Throws not_found, and `conflict` for one that didn't. */
export async function lockFailedJob(tx: Tx, { queue, jobId }: JobName): Promise<void> {
  if (!z.guid().safeParse(jobId).success) throw notFound();
  const { rows } = await tx.query<{ state: string }>(
    'SELECT state FROM pgboss.job WHERE name = $1 AND id = $2 FOR UPDATE',
    [queue, jobId],
  );
  if (!rows[0]) throw notFound();
  if (rows[0].state !== 'failed') throw new AppError('conflict', 'This job has not failed for good; leave it alone.');
}
