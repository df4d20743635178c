import type { Tx } from '#server/platform/db.ts';
import { AppError } from '#server/platform/errors.ts';

/** 1 credit in micro-credits. */
const CREDIT = 1_000_000n;

/**
 * Sets a turn's worst case aside, in the transaction that accepts it. Throws monthly_cap_reached and
 * insufficient_credits, which says what is missing.
 */
export async function holdCredits(
  tx: Tx,
  hold: { userId: string; turnId: string; microCredits: bigint },
): Promise<void> {
  const { rows } = await tx.query<{ held: boolean; passed_cap: bigint | null }>({
    name: 'hold-for-turn',
    text: 'SELECT held, passed_cap FROM hold_for_turn($1, $2, $3)',
    values: [hold.userId, hold.turnId, hold.microCredits.toString()],
  });
  const cap = rows[0]?.passed_cap ?? null;
  if (cap !== null) {
    throw new AppError(
      'monthly_cap_reached',
      `With this message you could pass your cap of ${inCredits(cap)} credits a month. Ask an admin to raise it.`,
    );
  }
  if (rows[0]?.held) return;
  const wallet = await tx.query<{ available: bigint; debt: bigint }>(
    `SELECT w.debt_micro_credits AS debt, (
       SELECT coalesce(sum(l.available_micro_credits), 0)::bigint FROM credit_lots l
       WHERE l.user_id = w.user_id AND (l.expires_at IS NULL OR l.expires_at > now())) AS available
     FROM credit_wallets w WHERE w.user_id = $1`,
    [hold.userId],
  );
  const { available = 0n, debt = 0n } = wallet.rows[0] ?? {};
  const missing = hold.microCredits + debt - available;
  throw new AppError(
    'insufficient_credits',
    debt > 0n
      ? `Your account owes ${inCredits(debt)} credits. Top up to go on.`
      : `Up to ${inCredits(hold.microCredits)} credits are set aside until this message is answered, and you have ` +
          `${inCredits(available, 'down')}. Top up at least ${inCredits(missing)} credits, or ask fewer agents.`,
    {
      extra: {
        neededMicroCredits: hold.microCredits.toString(),
        availableMicroCredits: available.toString(),
        missingMicroCredits: missing.toString(),
        topUpUrl: '/billing',
      },
    },
  );
}

/** Credits for a sentence, as precise as on every page: 120.5, 12.51, 0.034. What is wanted is rounded up, what is there down. */
function inCredits(microCredits: bigint, rounded: 'up' | 'down' = 'up'): string {
  const decimals = microCredits >= 100n * CREDIT ? 1 : microCredits >= CREDIT ? 2 : 3;
  const scale = 10n ** BigInt(decimals);
  const parts = (microCredits * scale + (rounded === 'up' ? CREDIT - 1n : 0n)) / CREDIT;
  return `${parts / scale}.${(parts % scale).toString().padStart(decimals, '0')}`.replace(/\.?0+$/, '');
}
