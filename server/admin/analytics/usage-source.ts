import { coverPeriod, type Unit } from '#server/admin/analytics/cover-period.ts';
import type { Period } from '#server/admin/contract.ts';

/**
 * The usage of whole UTC days from $1 to $2, both included, as the relation `usage` of a query: the rollups, and the calls that
 * they don't hold yet. One statement sees one state of both, so sums are exact at every moment.
 */
export const COUNTED = [
  'calls',
  'failed_calls',
  'prompt_tokens',
  'completion_tokens',
  'cached_tokens',
  'total_tokens',
  'provider_cost_usd',
  'credits_burned',
] as const;

const COLUMNS = COUNTED.join(', ');

/** The calls of the period that are not rolled up yet: notes `n` with their calls `e`. */
export const NOTED = `usage_rollup_pending n JOIN llm_call_events e ON e.id = n.call_id
  WHERE n.day BETWEEN $1::date AND $2::date`;

type Tables = { day: string; month: string; year?: string };

/**
 * The period's rows from the rollups of days, months and, where there are such, years. What a begun month or year has too much
 * is there again with its counts below zero, so a group is in the period when its calls are more than none (`WITH_CALLS`).
 */
export function rollupsOf(
  period: Period,
  { keys, counts, tables }: { keys: string; counts: readonly string[]; tables: Tables },
): string {
  const units = Object.keys(tables) as Unit[];
  const parts = coverPeriod(period, { units }).map(({ unit, from, before, sign }) => {
    const columns = counts.map((column) => (sign === 1 ? column : `-${column} AS ${column}`)).join(', ');
    return `SELECT ${keys}, ${columns} FROM ${tables[unit] ?? ''} WHERE ${unit} >= '${from}' AND ${unit} < '${before}'`;
  });
  return parts.join(' UNION ALL ');
}

/** For a query that groups what `rollupsOf` gives. */
export const WITH_CALLS = 'HAVING sum(calls) > 0';

function byDay(keys: string, daily: string): string {
  return `SELECT day, ${keys}, ${COLUMNS} FROM ${daily} WHERE day BETWEEN $1::date AND $2::date`;
}

function noted(keys: string): string {
  return `SELECT ${keys}, 1, (e.status IN ('failed', 'lost'))::int, e.prompt_tokens, e.completion_tokens, e.cached_tokens,
    e.total_tokens, e.provider_cost_usd, e.credits_burned FROM ${NOTED}`;
}

/** Each is read as part of the query that uses it, however often that is. */
function usage(...parts: string[]): string {
  return `usage AS NOT MATERIALIZED (${parts.join(' UNION ALL ')})`;
}

/** Day by day and model by model: a few rows a day, however many people there are. */
export const USAGE_OF_MODELS = usage(
  byDay('model, model_alias', 'model_rollups_daily'),
  noted('n.day, e.model, e.model_alias'),
);

/** Person by person, day by day. */
export const USAGE_OF_USERS_BY_DAY = usage(byDay('user_id', 'user_rollups_daily'), noted('n.day, e.user_id'));

/** Person by person, over the period. */
export function usageOfUsers(period: Period): string {
  const tables = { day: 'user_rollups_daily', month: 'user_rollups_monthly' };
  return usage(rollupsOf(period, { keys: 'user_id', counts: COUNTED, tables }), noted('e.user_id'));
}

/** By person and model, day by day. */
export const USAGE_BY_DAY = usage(
  byDay('user_id, model, model_alias', 'usage_rollups_daily'),
  noted('n.day, e.user_id, e.model, e.model_alias'),
);

/** By person and model, over the period. */
export function usageInAll(period: Period): string {
  const tables = { day: 'usage_rollups_daily', month: 'usage_rollups_monthly' };
  const keys = 'user_id, model, model_alias';
  return usage(rollupsOf(period, { keys, counts: COUNTED, tables }), noted('e.user_id, e.model, e.model_alias'));
}

/**
 * The pairs of a person and a model that cost most or took most tokens, as the relation `chosen`: found by the pairs' numbers,
 * with the calls that are not rolled up yet. A pair whose calls are all new has no number yet, and is chosen too. They are ranked by
 * doubles, which hold every whole number up to 2⁵³ (nine million USD) and are added up in half the time; none of them is shown.
 */
export function chosenPairs(period: Period, { by, limit }: { by: 'cost' | 'tokens'; limit: number }): string {
  const tables = { day: 'pair_rollups_daily', month: 'pair_rollups_monthly', year: 'pair_rollups_yearly' };
  const rollups = rollupsOf(period, { keys: 'pair_id', counts: ['calls', 'total_tokens', 'cost_nano_usd'], tables });
  return `noted AS MATERIALIZED (
      SELECT user_id, model, model_alias, p.id AS pair_id, e.total_tokens, e.provider_cost_usd
      FROM (SELECT e.* FROM ${NOTED}) e LEFT JOIN usage_pairs p USING (user_id, model, model_alias)),
    ranked AS (
      SELECT pair_id FROM (
        ${rollups}
        UNION ALL SELECT pair_id, 1, total_tokens, (provider_cost_usd * 1000000000)::bigint FROM noted
        WHERE pair_id IS NOT NULL) u
      GROUP BY pair_id ${WITH_CALLS}
      ORDER BY sum(${by === 'cost' ? 'cost_nano_usd' : 'total_tokens'}::float8) DESC, pair_id LIMIT ${limit}),
    chosen AS MATERIALIZED (
      SELECT user_id, model, model_alias FROM usage_pairs WHERE id IN (SELECT pair_id FROM ranked)
      UNION SELECT user_id, model, model_alias FROM noted WHERE pair_id IS NULL)`;
}

/** Sums of what is counted, named as the wire has them; money and tokens as text, so that nothing is rounded. */
export const SUMS = `coalesce(sum(calls), 0)::int AS calls, coalesce(sum(failed_calls), 0)::int AS "failedCalls",
  coalesce(sum(prompt_tokens), 0)::float8 AS "promptTokens", coalesce(sum(completion_tokens), 0)::float8 AS "completionTokens",
  coalesce(sum(cached_tokens), 0)::float8 AS "cachedTokens", coalesce(sum(total_tokens), 0)::float8 AS "totalTokens",
  trim_scale(coalesce(sum(provider_cost_usd), 0))::text AS "providerCostUsd",
  coalesce(sum(credits_burned), 0)::text AS "burnedMicroCredits"`;
