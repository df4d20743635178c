import type { App } from '#server/app.ts';
import type { CostAnalytics, Costs, Period } from '#server/admin/contract.ts';
import { USAGE_OF_MODELS } from '#server/admin/analytics/usage-source.ts';

/** `level`: 1 a day, 2 a model (or the tools, which have none), 3 everything. */
type Row = { level: number; day: string; alias: string | null; cost: string; burned: string; tools: string };

/** A credit stands for one US cent: a micro-credit is 10⁻⁸ USD. */
const USD_PER_MICRO_CREDIT = 1e-8;

/** What providers charge against what was burned for it, by day and by model. Tools are in the days and in the total. */
export async function reportCosts({ db }: Pick<App, 'db'>, { from, to }: Period): Promise<CostAnalytics> {
  const { rows } = await db.query<Row>(
    `WITH ${USAGE_OF_MODELS}, tools AS (
       SELECT day, credits_burned FROM tool_rollups_daily
       WHERE day BETWEEN $1::date AND $2::date
       UNION ALL
       SELECT n.day, t.credits_burned FROM usage_rollup_pending n JOIN tool_call_events t ON t.id = n.tool_call_id
       WHERE n.day BETWEEN $1::date AND $2::date),
     each AS (
       SELECT day, model_alias, sum(provider_cost_usd) AS cost, sum(credits_burned) AS burned, 0 AS tools
       FROM usage GROUP BY day, model_alias
       UNION ALL SELECT day, NULL, 0, 0, sum(credits_burned) FROM tools GROUP BY day)
     SELECT GROUPING(day, model_alias) AS level, to_char(day, 'YYYY-MM-DD') AS day, model_alias AS alias,
       trim_scale(coalesce(sum(cost), 0))::text AS cost, coalesce(sum(burned), 0)::text AS burned,
       coalesce(sum(tools), 0)::text AS tools
     FROM each GROUP BY GROUPING SETS ((day), (model_alias), ()) ORDER BY level, day, sum(burned) DESC`,
    [from, to],
  );
  return {
    from,
    to,
    items: rows.flatMap((row) => (row.level === 1 ? [{ day: row.day, ...costsOf(row) }] : [])),
    nextCursor: null,
    models: rows.flatMap((row) =>
      row.level === 2 && row.alias !== null ? [{ modelAlias: row.alias, ...costsOf(row) }] : [],
    ),
    total: costsOf(rows.find(({ level }) => level === 3) ?? { cost: '0', burned: '0', tools: '0' }),
  };
}

function costsOf({ cost, burned, tools }: Pick<Row, 'cost' | 'burned' | 'tools'>): Costs {
  const value = Number(BigInt(burned) + BigInt(tools)) * USD_PER_MICRO_CREDIT;
  const margin = value - Number(cost);
  return {
    providerCostUsd: cost,
    burnedMicroCredits: burned,
    toolMicroCredits: tools,
    valueUsd: value.toFixed(8),
    marginUsd: margin.toFixed(8),
    marginPercent: value === 0 ? null : Math.round((margin / value) * 1_000) / 10,
  };
}
