import type { App } from '#server/app.ts';
import { sumUsageBy, type UsageKey } from '#server/admin/analytics/sum-usage.ts';
import { SUMS, USAGE_OF_MODELS, usageOfUsers } from '#server/admin/analytics/usage-source.ts';
import type { AnalyticsGroup, Period, UsageAnalytics, UsageCounts } from '#server/admin/contract.ts';

export type UsageOptions = Period & {
  groupBy: AnalyticsGroup[];
  /** Of one person only. */
  userId?: string | undefined;
  limit: number;
};

const KEYS: Record<AnalyticsGroup, UsageKey[]> = { user: ['user_id'], model: ['model_alias', 'model'], day: ['day'] };

/** What models were called for, and what it cost: by person, model, day or any of them together. */
export async function reportUsage(
  app: Pick<App, 'db'>,
  { from, to, groupBy, userId, limit }: UsageOptions,
): Promise<UsageAnalytics> {
  const keys = groupBy.flatMap((group) => KEYS[group]);
  const [items, total] = await Promise.all([
    sumUsageBy(app, { from, to, keys, by: 'cost', userId, limit }),
    sumUsage(app, { from, to, userId }),
  ]);
  return { from, to, groupBy, items, nextCursor: null, total };
}

/** The sums of a period, of everybody or of one person. */
export async function sumUsage(
  { db }: Pick<App, 'db'>,
  { from, to, userId }: Period & { userId?: string | undefined },
): Promise<UsageCounts> {
  const [usage, only, values] =
    userId === undefined
      ? [USAGE_OF_MODELS, '', [from, to]]
      : [usageOfUsers({ from, to }), 'WHERE user_id = $3', [from, to, userId]];
  const { rows } = await db.query<UsageCounts>(`WITH ${usage} SELECT ${SUMS} FROM usage ${only}`, values);
  return rows[0] as UsageCounts;
}
