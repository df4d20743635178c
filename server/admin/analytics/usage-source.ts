/**
 * The usage of whole UTC days from $1 to $2, both included, as the relation `usage` of a query: rollups where a day is rolled
 * up, raw rows where one is not yet. One statement sees one state of all of them, so sums are exact at every moment.
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

const RAW = `SELECT (e.created_at AT TIME ZONE 'UTC')::date AS day, e.user_id, e.model, e.model_alias, 1,
    (e.status IN ('failed', 'lost'))::int, e.prompt_tokens, e.completion_tokens, e.cached_tokens, e.total_tokens,
    e.provider_cost_usd, e.credits_burned
  FROM pending p
  JOIN llm_call_events e ON e.created_at >= p.day::timestamp AT TIME ZONE 'UTC' AND e.created_at < (p.day + 1)::timestamp AT TIME ZONE 'UTC'`;

const PENDING = `pending AS MATERIALIZED (
  SELECT DISTINCT day FROM usage_rollup_pending WHERE day BETWEEN $1::date AND $2::date)`;

/** Day by day. */
export const USAGE_BY_DAY = `${PENDING}, usage AS (
  SELECT day, user_id, model, model_alias, ${COLUMNS} FROM usage_rollups_daily
  WHERE day BETWEEN $1::date AND $2::date AND day NOT IN (SELECT day FROM pending)
  UNION ALL ${RAW})`;

/** With the day only as exact as its month where a whole month can be taken at once: for sums over the period. */
export const USAGE_IN_ALL = `${PENDING}, whole AS MATERIALIZED (
  SELECT m::date AS month FROM generate_series(date_trunc('month', $1::date), $2::date, '1 month') m
  WHERE m >= $1::date AND m + interval '1 month' <= $2::date + 1
    AND NOT EXISTS (SELECT 1 FROM pending WHERE day >= m AND day < m + interval '1 month')),
usage AS (
  SELECT month AS day, user_id, model, model_alias, ${COLUMNS} FROM usage_rollups_monthly
  WHERE month IN (SELECT month FROM whole)
  UNION ALL
  SELECT day, user_id, model, model_alias, ${COLUMNS} FROM usage_rollups_daily
  WHERE day BETWEEN $1::date AND $2::date AND day NOT IN (SELECT day FROM pending)
    AND date_trunc('month', day)::date NOT IN (SELECT month FROM whole)
  UNION ALL ${RAW})`;

/** Sums of what is counted, named as the wire has them; money and tokens as text, so that nothing is rounded. */
export const SUMS = `coalesce(sum(calls), 0)::int AS calls, coalesce(sum(failed_calls), 0)::int AS "failedCalls",
  coalesce(sum(prompt_tokens), 0)::float8 AS "promptTokens", coalesce(sum(completion_tokens), 0)::float8 AS "completionTokens",
  coalesce(sum(cached_tokens), 0)::float8 AS "cachedTokens", coalesce(sum(total_tokens), 0)::float8 AS "totalTokens",
  trim_scale(coalesce(sum(provider_cost_usd), 0))::text AS "providerCostUsd",
  coalesce(sum(credits_burned), 0)::text AS "burnedMicroCredits"`;
