/** What a call is priced by: tokens as the provider counts them, prompt tokens including the cached ones. */
export type CallTokens = { promptTokens: number; cachedTokens: number; completionTokens: number };

/** The lowest multiplier that any model may have (the SRS's "billed multiplier floor"), in ten-thousandths. */
const FLOOR = 5_000n;

/**
 * Micro-credits of one call, a whole number, rounded up once:
 * (35·fresh + 10·cached + 100·output) × max(0.5, multiplier), as 1 credit = 10,000 OE tokens,
 * OE = 0.35·fresh + 0.10·cached + output and 1 credit = 1,000,000 micro-credits. (FR-BILL-003)
 *
 * `multiplier` is the pricing version's, in ten-thousandths (1.25 → 12500), so that no float touches money.
 */
export function priceCall(tokens: CallTokens, multiplier: bigint): bigint {
  const prompt = BigInt(tokens.promptTokens);
  const cached = BigInt(tokens.cachedTokens);
  const oe = 35n * (prompt - cached) + 10n * cached + 100n * BigInt(tokens.completionTokens);
  const billed = oe * (multiplier > FLOOR ? multiplier : FLOOR);
  return (billed + 9_999n) / 10_000n;
}

/** A decimal such as "1.25" as ten-thousandths; more than four places are refused. */
export function parseMultiplier(decimal: string): bigint {
  const match = /^(\d+)(?:\.(\d{1,4})0*)?$/.exec(decimal);
  if (!match) throw new Error(`Not a multiplier: ${decimal}`);
  return BigInt(match[1] ?? '0') * 10_000n + BigInt((match[2] ?? '').padEnd(4, '0') || '0');
}
