import { AppError } from '#server/platform/errors.ts';

/** 1 credit in micro-credits. */
const CREDIT = 1_000_000n;

/** What hold_if_covered answers (prisma/migrations/0042_hold_with_the_turn); amounts in micro-credits. */
export type Hold = { held: boolean; passed_cap: bigint | null; available: bigint | null; debt: bigint | null };

/** Throws monthly_cap_reached, and insufficient_credits, which says what is missing, where `needed` was not set aside. */
export function assertHeld(hold: Hold, needed: bigint): void {
  if (hold.held) return;
  if (hold.passed_cap !== null) {
    throw new AppError(
      'monthly_cap_reached',
      `With this message you could pass your cap of ${inCredits(hold.passed_cap)} credits a month. Ask an admin to raise it.`,
    );
  }
  const available = hold.available ?? 0n;
  const debt = hold.debt ?? 0n;
  const missing = needed + debt - available;
  throw new AppError(
    'insufficient_credits',
    debt > 0n
      ? `Your account owes ${inCredits(debt)} credits. Top up to go on.`
      : `Up to ${inCredits(needed)} credits are set aside until this message is answered, and you have ` +
          `${inCredits(available, 'down')}. Top up at least ${inCredits(missing)} credits, or ask fewer agents.`,
    {
      extra: {
        neededMicroCredits: needed.toString(),
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
