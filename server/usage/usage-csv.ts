import { creditsInCsv, toCsv } from '#server/http/csv.ts';
import type { UsageReport } from '#server/usage/contract.ts';

/** A usage report as CSV with credits in decimals. */
export function usageCsv({ items, groupBy }: UsageReport): string {
  const rows = items.map((row) => ({
    [groupBy]: row.label,
    calls: row.calls,
    failed_calls: row.failedCalls,
    tool_calls: row.toolCalls,
    prompt_tokens: row.promptTokens,
    cached_tokens: row.cachedTokens,
    completion_tokens: row.completionTokens,
    credits: creditsInCsv(row.chargedMicroCredits),
  }));
  const columns = ['calls', 'failed_calls', 'tool_calls', 'prompt_tokens', 'cached_tokens', 'completion_tokens'];
  return toCsv([groupBy, ...columns, 'credits'], rows);
}
