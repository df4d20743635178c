import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type { AdjustCredits, CreditAdjustment } from '#server/admin/contract.ts';
import { getUser } from '#server/admin/users/find-users.ts';
import { getWallet } from '#server/billing/get-wallet.ts';
import { transaction, type Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';

export type CreditAdjustmentRequest = {
  userId: string;
  adjustment: AdjustCredits;
  /** The owner's name for this adjustment: the same again changes nothing more (I6). */
  idempotencyKey: string | null;
  by: By;
};

/**
 * Gives or takes credits, through the ledger. What is given never expires; no more can be taken than is there and not set
 * aside for a turn: `conflict`. The same key with another amount, reason or person is `idempotency_conflict`.
 */
export async function adjustCredits(
  app: Pick<App, 'db'>,
  { userId, adjustment, idempotencyKey, by }: CreditAdjustmentRequest,
): Promise<CreditAdjustment> {
  const { microCredits, reason } = adjustment;
  const source = `adj:${by.actorId}:${idempotencyKey ?? newId()}`;
  const user = await transaction(app.db, async (tx) => {
    await getUser({ db: tx }, userId);
    await tx.query('SELECT lock_wallet($1)', [userId]);
    const found = await getUser({ db: tx }, userId);
    const given = { userId, microCredits, reason, source };
    if (await isRepeated(tx, given)) return found;
    await (microCredits > 0n ? give : take)(tx, given);
    const { balanceMicroCredits } = await getUser({ db: tx }, userId);
    await recordAudit(tx, {
      ...by,
      action: 'user.credits',
      target: { type: 'user', id: userId },
      before: { balanceMicroCredits: found.balanceMicroCredits },
      after: { balanceMicroCredits, microCredits, reason },
    });
    return found;
  });
  const wallet = await getWallet(app, user);
  return { microCredits: microCredits.toString(), reason, wallet };
}

type Given = { userId: string; microCredits: bigint; reason: string; source: string };

/** The ledger knows every adjustment by its source: one grant, or the rows of what was taken. */
async function isRepeated(tx: Tx, { userId, microCredits, reason, source }: Given): Promise<boolean> {
  const { rows } = await tx.query<{ same: boolean }>(
    `SELECT bool_and(user_id = $2 AND note = $4) AND sum(available_delta) = $3::bigint AS same FROM credit_transactions
     WHERE source_key = $1 OR idempotency_key = 'grant:' || $1 HAVING count(*) > 0`,
    [source, userId, microCredits.toString(), reason],
  );
  if (rows[0]?.same === false) {
    throw new AppError('idempotency_conflict', 'This Idempotency-Key was used with another adjustment. Use a new key.');
  }
  return rows.length > 0;
}

async function give(tx: Tx, { userId, microCredits, reason, source }: Given): Promise<void> {
  await tx.query(`SELECT grant_credits($1, $2, 'adjustment', $3, $4, NULL, $5)`, [
    newId(),
    userId,
    source,
    microCredits.toString(),
    reason,
  ]);
}

async function take(tx: Tx, { userId, microCredits, reason, source }: Given): Promise<void> {
  const { rows } = await tx.query<{ taken: boolean }>('SELECT take_credits($1, $2, $3, $4) AS taken', [
    userId,
    (-microCredits).toString(),
    source,
    reason,
  ]);
  if (rows[0]?.taken) return;
  throw new AppError('conflict', 'They have less than that. No more can be taken than is there and not set aside.');
}
