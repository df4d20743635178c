import type { Tx } from '#server/platform/db.ts';

/** Gives back what a turn set aside and did not spend, in the transaction that ends it. */
export async function releaseHold(tx: Tx, { userId, turnId }: { userId: string; turnId: string }): Promise<void> {
  await tx.query('SELECT release_hold($1, $2)', [userId, turnId]);
}
