import { releaseHold } from '#server/billing/release-hold.ts';
import type { Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { appendEvents, type NewEvent } from '#server/turns/append-events.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readTurn } from '#server/turns/read-turn.ts';

/**
 * Takes a turn that waits out of the queue, in the caller's transaction, which holds its row. Its message leaves the
 * conversation with it; nothing was spent.
 */
export async function cancelQueuedTurn(tx: Tx, turnId: string): Promise<void> {
  await tx.query(
    `UPDATE turn_steps SET status = 'cancelled', finished_at = now() WHERE turn_id = $1 AND status = 'pending'`,
    [turnId],
  );
  const found = await readTurn(tx, turnId);
  if (!found) throw new AppError('not_found', 'The turn is gone.');
  const { row, message, steps } = found;
  const settled = {
    ...row,
    status: 'cancelled' as const,
    finished_at: new Date(),
    reserved_micro_credits: 0n,
    last_seq: row.last_seq + 1,
  };
  const data = presentTurn(settled, message, steps);
  const events: NewEvent[] = [{ type: 'turn_cancelled', data }];
  // Nobody writes this turn who could tell of it later.
  await appendEvents(tx, [{ turn: turnId, lease: null, from: row.last_seq, events }], { notify: true });
  await tx.query(`UPDATE turns SET status = 'cancelled', finished_at = $2, reserved_micro_credits = 0 WHERE id = $1`, [
    turnId,
    settled.finished_at,
  ]);
  await releaseHold(tx, { userId: row.user_id, turnId });
  await tx.query('UPDATE messages SET deleted_at = now() WHERE turn_id = $1 AND deleted_at IS NULL', [turnId]);
}
