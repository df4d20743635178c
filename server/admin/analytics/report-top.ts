import type { App } from '#server/app.ts';
import type { AnalyticsRow, Period, Top } from '#server/admin/contract.ts';
import { SUMS, USAGE_IN_ALL } from '#server/admin/analytics/usage-source.ts';

/** The people or models that cost most, or took the most tokens. */
export async function reportTop(
  { db }: Pick<App, 'db'>,
  { from, to, by, of, limit }: Period & Pick<Top, 'by' | 'of'> & { limit: number },
): Promise<Top> {
  const key = of === 'users' ? 'user_id' : 'model_alias, model';
  const shown = of === 'users' ? 't.user_id AS "userId", p.email' : 't.model_alias AS "modelAlias", t.model';
  const order = by === 'cost' ? 'sum(provider_cost_usd)' : 'sum(total_tokens)';
  const { rows } = await db.query<AnalyticsRow>(
    `WITH ${USAGE_IN_ALL}, t AS (
       SELECT ${key}, ${SUMS}, ${order} AS place FROM usage GROUP BY ${key} ORDER BY place DESC LIMIT $3)
     SELECT ${shown}, t.calls, t."failedCalls", t."promptTokens", t."completionTokens", t."cachedTokens",
       t."totalTokens", t."providerCostUsd", t."burnedMicroCredits"
     FROM t ${of === 'users' ? 'LEFT JOIN users p ON p.id = t.user_id' : ''} ORDER BY t.place DESC`,
    [from, to, limit],
  );
  return { from, to, by, of, items: rows, nextCursor: null };
}
