import { z } from 'zod';
import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import { transaction } from '#server/platform/db.ts';
import { AppError, notFound } from '#server/platform/errors.ts';

/** Ends the pause of a purge that failed, and calls for the job. Throws `not_found`, and `conflict` for one that didn't fail. */
export async function retryPurge(
  { db, queue }: Pick<App, 'db' | 'queue'>,
  { purgeId, by }: { purgeId: string; by: By },
): Promise<void> {
  if (!z.guid().safeParse(purgeId).success) throw notFound();
  await transaction(db, async (tx) => {
    const { rows } = await tx.query<{ state: string; kind: string; subjectId: string }>(
      `SELECT state, kind, subject_id AS "subjectId" FROM purges WHERE id = $1 FOR UPDATE`,
      [purgeId],
    );
    const [purge] = rows;
    if (!purge) throw notFound();
    if (purge.state !== 'failed') throw new AppError('conflict', 'Only a purge that failed can be tried again.');
    await tx.query('UPDATE purges SET next_try_at = now() WHERE id = $1', [purgeId]);
    await queue.send('purge', {}, { tx });
    const target = { type: purge.kind, id: purge.subjectId };
    await recordAudit(tx, { ...by, action: 'purge.retry', target, after: { purgeId } });
  });
}
