import type { App } from '#server/app.ts';
import { AppError, notFound } from '#server/platform/errors.ts';
import { purgeTurns } from '#server/retention/purge-turns.ts';

/**
 * Deletes a what-if at once and for good; what it cost stays in the usage and the ledger. The turn that it tries must be
 * the caller's. Throws conflict while it runs or waits.
 */
export async function deleteWhatIf(
  app: Pick<App, 'env' | 'db'>,
  { turnId, whatIfId }: { turnId: string; whatIfId: string },
): Promise<void> {
  const { rows } = await app.db.query<{ id: string; conversation_id: string; over: boolean }>(
    'SELECT id, conversation_id, finished_at IS NOT NULL AS over FROM turns WHERE what_if_of = $1 AND id::text = $2',
    [turnId, whatIfId],
  );
  const [whatIf] = rows;
  if (!whatIf) throw notFound();
  if (!whatIf.over) throw new AppError('conflict', 'It has not ended. Stop it first.');
  await purgeTurns(app, whatIf.conversation_id, [whatIf.id], { summaries: 'keep' });
}
