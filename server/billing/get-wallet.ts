import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import { bookExpired } from '#server/billing/book-expired.ts';
import type { Wallet } from '#server/billing/contract.ts';

type Row = { plan: bigint; top_up: bigint; held: bigint; debt: bigint; period_end: Date | null };

/** What a user has, from the lots; the same as the sum of the ledger. */
export async function getWallet(app: Pick<App, 'db'>, user: Pick<User, 'id' | 'plan'>): Promise<Wallet> {
  await bookExpired(app, user.id);
  const { rows } = await app.db.query<Row>(
    `SELECT coalesce(sum(l.available_micro_credits + l.held_micro_credits) FILTER (WHERE l.kind = 'plan'), 0)::bigint AS plan,
       coalesce(sum(l.available_micro_credits + l.held_micro_credits) FILTER (WHERE l.kind <> 'plan'), 0)::bigint AS top_up,
       coalesce((SELECT held_micro_credits FROM credit_wallets WHERE user_id = $1), 0) AS held,
       coalesce((SELECT debt_micro_credits FROM credit_wallets WHERE user_id = $1), 0) AS debt,
       (SELECT max(s.current_period_end) FROM subscriptions s WHERE s.user_id = $1
          AND s.status IN ('active', 'trialing') AND s.current_period_end > now()) AS period_end
     FROM credit_lots l WHERE l.user_id = $1`,
    [user.id],
  );
  const { plan, top_up, held, debt, period_end } = rows[0] as Row;
  return {
    balanceMicroCredits: String(plan + top_up),
    planMicroCredits: String(plan),
    topUpMicroCredits: String(top_up),
    reservedMicroCredits: String(held),
    debtMicroCredits: String(debt),
    plan: user.plan,
    periodEnd: period_end?.toISOString() ?? null,
  };
}
