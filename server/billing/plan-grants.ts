import type { InvoiceLine, PaidInvoice } from '#server/adapters/payments/port.ts';

export type PlanGrant = { sourceKey: string; microCredits: bigint; expiresAt: Date; paymentId: string | null };

/**
 * What a subscription's paid invoices entitle to, each period under its own key, `sub:<id>:<start in seconds>`. A renewal
 * grants the plan's credits; a change of plan within a period grants the difference in proportion to the time that was
 * paid for; nobody gets more by going back and forth. A function of the invoices alone: the same however often and in
 * whatever order events about them arrive.
 */
export function planGrants(
  subscriptionId: string,
  invoices: PaidInvoice[],
  microCreditsOf: (planId: string) => bigint,
): PlanGrant[] {
  const grants = new Map<string, PlanGrant>();
  const periods = new Map<number, { entitled: bigint; granted: bigint }>();
  const whole = new Map(
    invoices.flatMap(({ lines }) => lines.filter(isWholePeriod).map((line) => [line.end.getTime(), line] as const)),
  );
  for (const { lines, paymentId } of invoices) {
    const bought = lines
      .filter((line) => line.planId !== null && line.amount >= 0)
      .reduce<InvoiceLine | null>((last, line) => (last === null || line.end > last.end ? line : last), null);
    if (!bought) continue;
    const period = periods.get(bought.end.getTime()) ?? { entitled: 0n, granted: 0n };
    periods.set(bought.end.getTime(), period);
    for (const line of lines) period.entitled += shareOf(line, whole.get(line.end.getTime()), microCreditsOf);
    const microCredits = period.entitled - period.granted;
    const sourceKey = `sub:${subscriptionId}:${bought.start.getTime() / 1000}`;
    if (microCredits <= 0n || grants.has(sourceKey)) continue;
    period.granted += microCredits;
    grants.set(sourceKey, { sourceKey, microCredits, expiresAt: bought.end, paymentId });
  }
  return [...grants.values()];
}

function isWholePeriod({ planId, proration }: InvoiceLine): boolean {
  return planId !== null && !proration;
}

/** A plan's credits, or, for a part of a period, that part of them; negative for time that is given back. */
function shareOf(
  line: InvoiceLine,
  whole: InvoiceLine | undefined,
  microCreditsOf: (planId: string) => bigint,
): bigint {
  if (line.planId === null) return 0n;
  const credits = microCreditsOf(line.planId);
  if (!line.proration) return credits;
  const length = BigInt(line.end.getTime() - (whole?.start ?? monthBefore(line.end)).getTime());
  const part = BigInt(line.end.getTime() - line.start.getTime());
  const share = part >= length ? credits : (credits * part) / length;
  return line.amount < 0 ? -share : share;
}

function monthBefore(end: Date): Date {
  const start = new Date(end);
  start.setUTCMonth(start.getUTCMonth() - 1);
  return start;
}
