import type { App } from '#server/app.ts';
import type { AnalyticsGroup, AnalyticsRow, Period, UsageAnalytics, UsageCounts } from '#server/admin/contract.ts';
import { SUMS, USAGE_BY_DAY, USAGE_IN_ALL } from '#server/admin/analytics/usage-source.ts';

export type UsageOptions = Period & {
  groupBy: AnalyticsGroup[];
  /** Of one person only. */
  userId?: string | undefined;
  limit: number;
};

const KEYS: Record<AnalyticsGroup, { by: string; shown: string }> = {
  user: { by: 'user_id', shown: 's.user_id AS "userId", p.email' },
  model: { by: 'model_alias, model', shown: 's.model_alias AS "modelAlias", s.model' },
  day: { by: 'day', shown: `to_char(s.day, 'YYYY-MM-DD') AS day` },
};

/** What models were called for, and what it cost: by person, model, day or any of them together. */
export async function reportUsage(
  { db }: Pick<App, 'db'>,
  { from, to, groupBy, userId, limit }: UsageOptions,
): Promise<UsageAnalytics> {
  const byDay = groupBy.includes('day');
  const keys = groupBy.map((group) => KEYS[group]);
  const { rows } = await db.query<AnalyticsRow & { total: UsageCounts }>(
    `WITH ${byDay ? USAGE_BY_DAY : USAGE_IN_ALL}, mine AS (
       SELECT * FROM usage WHERE $3::uuid IS NULL OR user_id = $3),
     s AS (SELECT ${keys.map(({ by }) => by).join(', ')}, ${SUMS}, sum(provider_cost_usd) AS cost FROM mine
       GROUP BY ${keys.map(({ by }) => by).join(', ')})
     SELECT ${keys.map(({ shown }) => shown).join(', ')}, s.calls, s."failedCalls", s."promptTokens",
       s."completionTokens", s."cachedTokens", s."totalTokens", s."providerCostUsd", s."burnedMicroCredits"
     FROM s ${groupBy.includes('user') ? 'LEFT JOIN users p ON p.id = s.user_id' : ''}
     ORDER BY ${byDay ? 's.day, ' : ''}s.cost DESC, s."totalTokens" DESC LIMIT $4`,
    [from, to, userId ?? null, limit],
  );
  const total = await sumUsage({ db }, { from, to, userId });
  return { from, to, groupBy, items: rows, nextCursor: null, total };
}

/** The sums of a period, of everybody or of one person. */
export async function sumUsage(
  { db }: Pick<App, 'db'>,
  { from, to, userId }: Period & { userId?: string | undefined },
): Promise<UsageCounts> {
  const { rows } = await db.query<UsageCounts>(
    `WITH ${USAGE_IN_ALL} SELECT ${SUMS} FROM usage WHERE $3::uuid IS NULL OR user_id = $3`,
    [from, to, userId ?? null],
  );
  return rows[0] as UsageCounts;
}
