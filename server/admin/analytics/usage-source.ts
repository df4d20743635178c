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

/** The whole months of the period begin with the first and end before the second of these days. */
const FIRST = `date_trunc('month', $1::timestamp + interval '1 month' - interval '1 day')::date`;
const LAST = `date_trunc('month', $2::timestamp + interval '1 day')::date`;

/** Columns of a period's rows: of its whole months from one table, of the days before and after them from another. */
export function byMonthAndDay(columns: string, { monthly, daily }: { monthly: string; daily: string }): string {
  return `SELECT ${columns} FROM ${monthly} WHERE month >= ${FIRST} AND month < ${LAST}
    UNION ALL SELECT ${columns} FROM ${daily} WHERE day >= $1::date AND day <= $2::date AND day < ${FIRST}
    UNION ALL SELECT ${columns} FROM ${daily} WHERE day >= ${LAST} AND day >= ${FIRST} AND day <= $2::date`;
}

function byDay(columns: string, daily: string): string {
  return `SELECT day, ${columns} FROM ${daily} WHERE day BETWEEN $1::date AND $2::date`;
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
  byDay(`model, model_alias, ${COLUMNS}`, 'model_rollups_daily'),
  noted('n.day, e.model, e.model_alias'),
);

/** Person by person, day by day. */
export const USAGE_OF_USERS_BY_DAY = usage(
  byDay(`user_id, ${COLUMNS}`, 'user_rollups_daily'),
  noted('n.day, e.user_id'),
);

/** Person by person, over the period. */
export const USAGE_OF_USERS = usage(
  byMonthAndDay(`user_id, ${COLUMNS}`, { monthly: 'user_rollups_monthly', daily: 'user_rollups_daily' }),
  noted('e.user_id'),
);

/** By person and model, day by day. */
export const USAGE_BY_DAY = usage(
  byDay(`user_id, model, model_alias, ${COLUMNS}`, 'usage_rollups_daily'),
  noted('n.day, e.user_id, e.model, e.model_alias'),
);

/** By person and model, over the period. */
export const USAGE_IN_ALL = usage(
  byMonthAndDay(`user_id, model, model_alias, ${COLUMNS}`, {
    monthly: 'usage_rollups_monthly',
    daily: 'usage_rollups_daily',
  }),
  noted('e.user_id, e.model, e.model_alias'),
);

/** Sums of what is counted, named as the wire has them; money and tokens as text, so that nothing is rounded. */
export const SUMS = `coalesce(sum(calls), 0)::int AS calls, coalesce(sum(failed_calls), 0)::int AS "failedCalls",
  coalesce(sum(prompt_tokens), 0)::float8 AS "promptTokens", coalesce(sum(completion_tokens), 0)::float8 AS "completionTokens",
  coalesce(sum(cached_tokens), 0)::float8 AS "cachedTokens", coalesce(sum(total_tokens), 0)::float8 AS "totalTokens",
  trim_scale(coalesce(sum(provider_cost_usd), 0))::text AS "providerCostUsd",
  coalesce(sum(credits_burned), 0)::text AS "burnedMicroCredits"`;
