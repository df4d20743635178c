import type { ModelOutcome } from '#server/adapters/llm/port.ts';
import { parseMultiplier, priceCall } from '#server/usage/price-call.ts';

/** How a provider call ended, as llm_call_events.status says it. */
export type CallStatus = 'ok' | 'failed' | 'cancelled' | 'estimated' | 'lost';

/** What a call is priced with: the model's row of the turn's pricing version. */
export type CallPrice = { multiplier: string; inputUsdPerM: string; cachedUsdPerM: string; outputUsdPerM: string };

export type MeteredCall = {
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  totalTokens: number;
  /** Decimal USD as text. */
  providerCostUsd: string;
  creditsBurned: bigint;
  status: CallStatus;
};

/**
 * Counts and prices one finished call. No cached_tokens from the provider means 0 (FR-BILL-006). A call that failed
 * before it served anything costs nothing unless the provider itself counted it; one that was stopped is charged for
 * what was served.
 */
export function meterCall(outcome: ModelOutcome, price: CallPrice): MeteredCall {
  const aborted = outcome.failure?.code === 'aborted';
  const servedNothing = outcome.status === 'failed' && outcome.text === '' && outcome.toolCalls.length === 0;
  const uncounted = outcome.usage.source === 'quarantined' || (servedNothing && outcome.usage.source !== 'provider');
  const { promptTokens, completionTokens, cachedTokens } = uncounted
    ? { promptTokens: 0, completionTokens: 0, cachedTokens: 0 }
    : outcome.usage;
  const counts = { promptTokens, completionTokens, cachedTokens };
  return {
    ...counts,
    totalTokens: promptTokens + completionTokens,
    providerCostUsd: providerCost(outcome, counts, price),
    creditsBurned: priceCall(counts, parseMultiplier(price.multiplier)),
    status: aborted
      ? 'cancelled'
      : outcome.status === 'failed'
        ? 'failed'
        : outcome.usage.source === 'provider'
          ? 'ok'
          : 'estimated',
  };
}

/** What the provider says it cost, else the counts at the pricing version's prices. For reports, never for charging. */
function providerCost(
  outcome: ModelOutcome,
  counts: { promptTokens: number; completionTokens: number; cachedTokens: number },
  price: CallPrice,
): string {
  const { costUsd } = outcome.usage;
  if (costUsd !== null && Number.isFinite(costUsd) && costUsd >= 0 && outcome.usage.source === 'provider') {
    return costUsd.toFixed(9);
  }
  const fresh = counts.promptTokens - counts.cachedTokens;
  const usd =
    (fresh * Number(price.inputUsdPerM) +
      counts.cachedTokens * Number(price.cachedUsdPerM) +
      counts.completionTokens * Number(price.outputUsdPerM)) /
    1_000_000;
  return usd.toFixed(9);
}
