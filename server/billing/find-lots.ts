import type { App } from '#server/app.ts';
import type { Lot } from '#server/billing/contract.ts';

type Row = {
  id: string;
  kind: Lot['kind'];
  granted: bigint;
  available: bigint;
  held: bigint;
  expires_at: Date | null;
  created_at: Date;
};

/** The lots that still hold something, in the order in which they are spent. */
export async function findLots({ db }: Pick<App, 'db'>, userId: string): Promise<Lot[]> {
  const { rows } = await db.query<Row>(
    `SELECT id, kind, granted_micro_credits AS granted, available_micro_credits AS available,
       held_micro_credits AS held, expires_at, created_at
     FROM credit_lots WHERE user_id = $1 AND available_micro_credits + held_micro_credits > 0
     ORDER BY expires_at NULLS LAST, created_at, id`,
    [userId],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    grantedMicroCredits: String(row.granted),
    availableMicroCredits: String(row.available),
    heldMicroCredits: String(row.held),
    expiresAt: row.expires_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  }));
}
