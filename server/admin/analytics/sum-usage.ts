import type { App } from '#server/app.ts';
import type { AnalyticsRow, Period } from '#server/admin/contract.ts';
import { transaction } from '#server/platform/db.ts';
import {
  chosenPairs,
  SUMS,
  USAGE_BY_DAY,
  USAGE_OF_MODELS,
  USAGE_OF_USERS_BY_DAY,
  usageInAll,
  usageOfUsers,
  WITH_CALLS,
} from '#server/admin/analytics/usage-source.ts';

export type UsageKey = 'user_id' | 'model_alias' | 'model' | 'day';

const SHOWN: Record<UsageKey, string> = {
  user_id: 's.user_id AS "userId", p.email',
  model_alias: 's.model_alias AS "modelAlias"',
  model: 's.model',
  day: `to_char(s.day, 'YYYY-MM-DD') AS day`,
};
const COUNTS = `s.calls, s."failedCalls", s."promptTokens", s."completionTokens", s."cachedTokens", s."totalTokens",
  s."providerCostUsd", s."burnedMicroCredits"`;
const PLACES = { cost: 'sum(provider_cost_usd)', tokens: 'sum(total_tokens)' };

/**
 * Sums by these keys, of everybody or of one person: day by day if the day is one of them, then the largest by cost or tokens
 * first. People, who are many, are ranked by that one sum; only those who are shown are added up in full.
 */
export async function sumUsageBy(
  { db }: Pick<App, 'db'>,
  { from, to, keys, by, userId, limit }: Period & Sums,
): Promise<AnalyticsRow[]> {
  const key = keys.join(', ');
  const people = keys.includes('user_id');
  const everybody = userId === undefined;
  const order = [...(keys.includes('day') ? ['day'] : []), 'place DESC', ...keys].join(', ');
  const only = everybody ? '' : 'WHERE user_id = $3';
  const pairs = everybody && people && keys.includes('model') && !keys.includes('day');
  const chosen = pairs
    ? chosenPairs({ from, to }, { by, limit })
    : `chosen AS MATERIALIZED (
        SELECT ${key}, ${PLACES[by]} AS place FROM usage ${only} GROUP BY ${key} ${WITH_CALLS}
        ORDER BY ${order} LIMIT ${limit})`;
  const shown = people && everybody ? 'WHERE user_id = ANY (ARRAY(SELECT user_id FROM chosen))' : only;
  const sql = `WITH ${usageWith([...keys, ...(everybody ? [] : (['user_id'] as const))], { from, to })},
    ${chosen},
    s AS (SELECT ${key}, ${SUMS}, ${PLACES[by]} AS place FROM usage ${shown} GROUP BY ${key})
    SELECT ${keys.map((name) => SHOWN[name]).join(', ')}, ${COUNTS}
    FROM s JOIN (SELECT ${key} FROM chosen) c USING (${key}) ${people ? 'LEFT JOIN users p ON p.id = s.user_id' : ''}
    ORDER BY ${order} LIMIT ${limit}`;
  const values = [from, to, ...(everybody ? [] : [userId])];
  return transaction(db, async (tx) => {
    // Some ten thousand groups: by hashing in memory, not by sorting on disk.
    if (people) await tx.query(`SET LOCAL work_mem = '32MB'`);
    return (await tx.query<AnalyticsRow>(sql, values)).rows;
  });
}

type Sums = { keys: UsageKey[]; by: 'cost' | 'tokens'; userId?: string | undefined; limit: number };

/** The shortest relation that has these columns. */
function usageWith(columns: UsageKey[], period: Period): string {
  if (!columns.includes('user_id')) return USAGE_OF_MODELS;
  if (columns.includes('model')) return columns.includes('day') ? USAGE_BY_DAY : usageInAll(period);
  return columns.includes('day') ? USAGE_OF_USERS_BY_DAY : usageOfUsers(period);
}
