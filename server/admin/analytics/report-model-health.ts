import type { App } from '#server/app.ts';
import type { ModelHealth, Period } from '#server/admin/contract.ts';
import { NOTED, rollupsOf, USAGE_OF_MODELS, WITH_CALLS } from '#server/admin/analytics/usage-source.ts';

const LATENCIES = {
  keys: 'model_alias, measure, bucket',
  counts: ['calls'],
  tables: { day: 'latency_rollups_daily', month: 'latency_rollups_monthly' },
};

type Failure = ModelHealth['failures'][number];

/** How models serve: failures by cause, and how long calls and their first tokens take, from the buckets of all days. */
export async function reportModelHealth({ db }: Pick<App, 'db'>, { from, to }: Period): Promise<ModelHealth> {
  const [models, failures] = await Promise.all([
    db.query<ModelHealth['items'][number]>(
      `WITH ${USAGE_OF_MODELS},
       counted AS (
         ${rollupsOf({ from, to }, LATENCIES)}
         UNION ALL
         SELECT e.model_alias, m.measure, latency_bucket(m.ms), 1
         FROM (SELECT e.* FROM ${NOTED} AND e.status IN ('ok', 'estimated')) e
         CROSS JOIN LATERAL (VALUES ('total', e.latency_ms), ('first_token', e.first_token_ms)) m (measure, ms)
         WHERE m.ms IS NOT NULL),
       buckets AS (
         SELECT model_alias, measure, bucket, sum(sum(calls)) OVER (PARTITION BY model_alias, measure ORDER BY bucket) AS below,
           sum(sum(calls)) OVER (PARTITION BY model_alias, measure) AS served
         FROM counted GROUP BY model_alias, measure, bucket ${WITH_CALLS}),
       percentiles AS (
         SELECT model_alias, measure, min(bucket) FILTER (WHERE below >= served * 0.5) AS p50,
           min(bucket) FILTER (WHERE below >= served * 0.95) AS p95
         FROM buckets GROUP BY model_alias, measure),
       sums AS (SELECT model_alias, sum(calls)::int AS calls, sum(failed_calls)::int AS failed FROM usage GROUP BY 1)
       SELECT s.model_alias AS "modelAlias", s.calls, s.failed AS "failedCalls", ${middle('t.p50')} AS "latencyP50Ms",
         ${middle('t.p95')} AS "latencyP95Ms", ${middle('f.p50')} AS "firstTokenP50Ms", ${middle('f.p95')} AS "firstTokenP95Ms"
       FROM sums s
       LEFT JOIN percentiles t ON t.model_alias = s.model_alias AND t.measure = 'total'
       LEFT JOIN percentiles f ON f.model_alias = s.model_alias AND f.measure = 'first_token'
       ORDER BY s.calls DESC, s.model_alias`,
      [from, to],
    ),
    db.query<Failure>(
      `WITH failures AS (
         SELECT model_alias, provider, error_code, calls FROM failure_rollups_daily
         WHERE day BETWEEN $1::date AND $2::date
         UNION ALL
         SELECT e.model_alias, e.provider, coalesce(e.error_code, 'unknown'), 1 FROM ${NOTED}
           AND e.status IN ('failed', 'lost'))
       SELECT model_alias AS "modelAlias", provider, error_code AS "errorCode", sum(calls)::int AS calls FROM failures
       GROUP BY 1, 2, 3 ORDER BY calls DESC, 1, 2, 3 LIMIT 100`,
      [from, to],
    ),
  ]);
  return { from, to, items: models.rows, failures: failures.rows, nextCursor: null };
}

/** The middle of a bucket, in milliseconds: what it holds is at most 5 % away. */
function middle(bucket: string): string {
  return `round(power(1.1, ${bucket} - 0.5))::int`;
}
