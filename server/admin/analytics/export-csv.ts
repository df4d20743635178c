import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type {
  ActiveUsers,
  CostAnalytics,
  ModelHealth,
  Top,
  UsageAnalytics,
  UsageCounts,
} from '#server/admin/contract.ts';
import { creditsInCsv, csvResponse, toCsv, type CsvRow } from '#server/http/csv.ts';
import { transaction } from '#server/platform/db.ts';

export type Exported = { name: string; columns: string[]; rows: CsvRow[] };

/** A report as a CSV file; that it was exported is in the audit log. */
export async function exportCsv(
  { db }: Pick<App, 'db'>,
  { name, columns, rows, period, by }: Exported & { period: { from: string; to: string }; by: By },
): Promise<Response> {
  const { from, to } = period;
  await transaction(db, (tx) =>
    recordAudit(tx, {
      ...by,
      action: 'export',
      target: { type: name, id: null },
      after: { rows: rows.length, from, to },
    }),
  );
  return csvResponse(toCsv(columns, rows), `${name}-${from}-to-${to}`);
}

const COUNTS = ['calls', 'failed_calls', 'prompt_tokens', 'cached_tokens', 'completion_tokens', 'total_tokens'];
const MONEY = ['provider_cost_usd', 'credits_burned'];
const KEYS = { user: ['user_id', 'email'], model: ['model_alias', 'model'], day: ['day'] } as const;

export function usageRows({ items, groupBy }: UsageAnalytics): Exported {
  const columns = [...groupBy.flatMap((group) => KEYS[group]), ...COUNTS, ...MONEY];
  return { name: 'usage', columns, rows: items.map(rowOf) };
}

export function topRows({ items, of, by }: Top): Exported {
  return {
    name: `top-${of}-by-${by}`,
    columns: [...KEYS[of === 'users' ? 'user' : 'model'], ...COUNTS, ...MONEY],
    rows: items.map(rowOf),
  };
}

export function costRows({ items }: CostAnalytics): Exported {
  return {
    name: 'costs',
    columns: [
      'day',
      'provider_cost_usd',
      'credits_burned',
      'tool_credits',
      'value_usd',
      'margin_usd',
      'margin_percent',
    ],
    rows: items.map((row) => ({
      day: row.day,
      provider_cost_usd: row.providerCostUsd,
      credits_burned: creditsInCsv(row.burnedMicroCredits),
      tool_credits: creditsInCsv(row.toolMicroCredits),
      value_usd: row.valueUsd,
      margin_usd: row.marginUsd,
      margin_percent: row.marginPercent,
    })),
  };
}

export function activeUserRows({ items }: ActiveUsers): Exported {
  return { name: 'active-users', columns: ['day', 'dau', 'wau', 'mau'], rows: items };
}

export function modelHealthRows({ items }: ModelHealth): Exported {
  return {
    name: 'model-health',
    columns: [
      'model_alias',
      'calls',
      'failed_calls',
      'latency_p50_ms',
      'latency_p95_ms',
      'first_token_p50_ms',
      'first_token_p95_ms',
    ],
    rows: items.map((row) => ({
      model_alias: row.modelAlias,
      calls: row.calls,
      failed_calls: row.failedCalls,
      latency_p50_ms: row.latencyP50Ms,
      latency_p95_ms: row.latencyP95Ms,
      first_token_p50_ms: row.firstTokenP50Ms,
      first_token_p95_ms: row.firstTokenP95Ms,
    })),
  };
}

function rowOf(row: UsageAnalytics['items'][number]): CsvRow {
  return {
    user_id: row.userId ?? null,
    email: row.email ?? null,
    model_alias: row.modelAlias ?? null,
    model: row.model ?? null,
    day: row.day ?? null,
    ...countsOf(row),
  };
}

function countsOf(row: UsageCounts): CsvRow {
  return {
    calls: row.calls,
    failed_calls: row.failedCalls,
    prompt_tokens: row.promptTokens,
    cached_tokens: row.cachedTokens,
    completion_tokens: row.completionTokens,
    total_tokens: row.totalTokens,
    provider_cost_usd: row.providerCostUsd,
    credits_burned: creditsInCsv(row.burnedMicroCredits),
  };
}
