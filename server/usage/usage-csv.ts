import Papa from 'papaparse';
import type { UsageReport } from '#server/usage/contract.ts';

const MICRO = 1_000_000n;

/** A usage report as CSV with credits in decimals. Text that a spreadsheet could take for a formula is made harmless. */
export function usageCsv({ items, groupBy }: UsageReport): string {
  const rows = items.map((row) => ({
    [groupBy]: harmless(row.label),
    calls: row.calls,
    failed_calls: row.failedCalls,
    tool_calls: row.toolCalls,
    prompt_tokens: row.promptTokens,
    cached_tokens: row.cachedTokens,
    completion_tokens: row.completionTokens,
    credits: decimal(BigInt(row.chargedMicroCredits)),
  }));
  return `${Papa.unparse(rows, { newline: '\r\n' })}\r\n`;
}

/**
 * A leading apostrophe for whatever begins, after white space and control characters, with what starts a formula, the
 * full-width forms included: papaparse's own escapeFormulae misses ` =1`, `\n=1` and `＝1`.
 */
export function harmless(text: string): string {
  return /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function decimal(microCredits: bigint): string {
  const fraction = (microCredits % MICRO).toString().padStart(6, '0');
  return `${microCredits / MICRO}.${fraction}`;
}
