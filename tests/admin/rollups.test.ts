/** FR-ADMIN-002: what analytics say is exactly what the raw rows say, at every moment. */
import pg from 'pg';
import { expect, test } from 'vitest';
import { reportActiveUsers } from '#server/admin/analytics/report-active-users.ts';
import { reportCosts } from '#server/admin/analytics/report-costs.ts';
import { reportModelHealth } from '#server/admin/analytics/report-model-health.ts';
import { refreshRollups } from '#server/admin/analytics/refresh-rollups.ts';
import { reportTop } from '#server/admin/analytics/report-top.ts';
import { reportUsage } from '#server/admin/analytics/report-usage.ts';
import { sumUsageBy } from '#server/admin/analytics/sum-usage.ts';
import {
  SUMS,
  USAGE_BY_DAY,
  USAGE_OF_MODELS,
  USAGE_OF_USERS_BY_DAY,
  usageInAll,
  usageOfUsers,
  WITH_CALLS,
} from '#server/admin/analytics/usage-source.ts';
import type { AnalyticsGroup, ModelHealth } from '#server/admin/contract.ts';
import { newId } from '#server/platform/ids.ts';
import { createDataApp, type DataApp } from '#tests/support/data-app.ts';

/** Calls of a year, in five kinds, with sums that would show a rounding. */
async function addCalls({ db }: Pick<DataApp, 'db'>, { count, from }: { count: number; from: string }): Promise<void> {
  await db.query(
    `INSERT INTO llm_call_events (id, user_id, room_id, turn_id, purpose, provider, model, model_alias, prompt_tokens,
       completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, first_token_ms,
       status, pricing_version, multiplier, request_id, created_at)
     SELECT gen_random_uuid(), ('00000000-0000-4000-8000-' || lpad((n % 7)::text, 12, '0'))::uuid, $3, gen_random_uuid(),
       'agent', 'p', 'm' || n % 3, (ARRAY['llama','qwen','deepseek'])[1 + n % 3], n, n * 2, n % 5, n * 3,
       0.000000001 * n, 900000000000 + n, n, CASE WHEN n % 2 = 0 THEN n / 2 END,
       (ARRAY['ok','failed','estimated','lost','cancelled'])[1 + n % 5], 1, 1, '',
       $2::timestamptz + n * interval '97 minutes'
     FROM generate_series(1, $1::int) n`,
    [count, from, newId()],
  );
  await db.query(
    `INSERT INTO tool_call_events (id, user_id, turn_id, tool, status, units, credits_burned, created_at)
     SELECT gen_random_uuid(), $3, $3, 'tool' || n % 2, 'completed', 1, n, $2::timestamptz + n * interval '5 hours'
     FROM generate_series(1, $1::int / 10) n`,
    [count, from, newId()],
  );
}

/** One of the job's transactions. */
async function rollUp({ db }: Pick<DataApp, 'db'>, days: number): Promise<void> {
  const client = await db.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await client.query('SELECT roll_up_usage($1)', [days]);
  await client.query('COMMIT');
  client.release();
}

const RAW = `usage AS (
  SELECT *, 1 AS calls, (status IN ('failed', 'lost'))::int AS failed_calls, (created_at AT TIME ZONE 'UTC')::date AS day
  FROM llm_call_events
  WHERE created_at >= $1::timestamp AT TIME ZONE 'UTC' AND created_at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC')`;

/** Every sum by these columns, from the raw rows and from a relation `usage`. */
async function compare(
  { db }: Pick<DataApp, 'db'>,
  { source, by, period }: { source: string; by: string; period: readonly [string, string] },
): Promise<void> {
  const sums = (usage: string) =>
    db.query(`WITH ${usage} SELECT ${by}, ${SUMS} FROM usage GROUP BY ${by} ${WITH_CALLS} ORDER BY ${by}`, [...period]);
  const raw = await sums(RAW);
  expect(raw.rows.length).toBeGreaterThan(0);
  expect((await sums(source)).rows, `${by} of ${period.join()}`).toEqual(raw.rows);
}

/** What the reports without people say, against the raw rows. */
async function compareReports({ db }: Pick<DataApp, 'db'>, [from, to]: readonly [string, string]): Promise<void> {
  const one = async <T extends object>(sql: string) => (await db.query<T>(sql, [from, to])).rows;
  const active = await reportActiveUsers({ db }, { from, to });
  expect(active.items).toEqual(
    await one(
      `SELECT to_char(d, 'YYYY-MM-DD') AS day, ${[1, 7, 30]
        .map(
          (length, at) => `(SELECT count(DISTINCT user_id)::int FROM llm_call_events
          WHERE created_at >= (d - interval '${length - 1} days') AT TIME ZONE 'UTC'
            AND created_at < (d + interval '1 day') AT TIME ZONE 'UTC') AS ${['dau', 'wau', 'mau'][at] ?? ''}`,
        )
        .join(', ')} FROM generate_series($1::timestamp, $2::timestamp, '1 day') d`,
    ),
  );
  const [tools] = await one<{ burned: string }>(
    `SELECT coalesce(sum(credits_burned), 0)::text AS burned FROM tool_call_events
     WHERE (created_at AT TIME ZONE 'UTC')::date BETWEEN $1::date AND $2::date`,
  );
  expect((await reportCosts({ db }, { from, to })).total.toolMicroCredits).toBe(tools?.burned);
  const health = await reportModelHealth({ db }, { from, to });
  expect(health.failures.toSorted(byModel)).toEqual(
    (
      await one<ModelHealth['failures'][number]>(
        `WITH ${RAW} SELECT model_alias AS "modelAlias", provider, coalesce(error_code, 'unknown') AS "errorCode",
           count(*)::int AS calls FROM usage WHERE failed_calls = 1 GROUP BY 1, 2, 3`,
      )
    ).toSorted(byModel),
  );
  const percentiles = await one(
    `WITH ${RAW}, ranked AS (
       SELECT model_alias, latency_bucket(latency_ms) AS bucket, row_number() OVER w AS place, count(*) OVER (PARTITION BY model_alias) AS n
       FROM usage WHERE status IN ('ok', 'estimated') WINDOW w AS (PARTITION BY model_alias ORDER BY latency_ms))
     SELECT model_alias AS "modelAlias", round(power(1.1, min(bucket) FILTER (WHERE place >= n * 0.95) - 0.5))::int AS p95
     FROM ranked GROUP BY 1 ORDER BY 1`,
  );
  expect(
    health.items
      .filter(({ latencyP95Ms }) => latencyP95Ms !== null)
      .map(({ modelAlias, latencyP95Ms }) => ({ modelAlias, p95: latencyP95Ms }))
      .toSorted(byModel),
  ).toEqual(percentiles);
}

function byModel(one: { modelAlias: string }, other: { modelAlias: string }): number {
  return one.modelAlias.localeCompare(other.modelAlias);
}

const PERIODS = [
  ['2025-01-01', '2025-12-31'],
  ['2025-01-17', '2025-04-02'],
  // Less to read as months and a year from which something is taken away.
  ['2025-02-04', '2025-12-30'],
  ['2025-03-02', '2025-04-29'],
  ['2025-03-01', '2025-03-31'],
  ['2025-03-05', '2025-03-07'],
] as const;

async function compareAll(app: Pick<DataApp, 'db'>): Promise<void> {
  for (const period of PERIODS) {
    const [from, to] = period;
    await compare(app, { source: USAGE_BY_DAY, by: 'day, user_id, model, model_alias', period });
    await compare(app, { source: usageInAll({ from, to }), by: 'user_id, model, model_alias', period });
    await compare(app, { source: USAGE_OF_MODELS, by: 'day, model, model_alias', period });
    await compare(app, { source: USAGE_OF_USERS_BY_DAY, by: 'day, user_id', period });
    await compare(app, { source: usageOfUsers({ from, to }), by: 'user_id', period });
    await compareReports(app, period);
  }
}

test('FR-ADMIN-002: sums equal the raw rows before, while and after days are rolled up, late rows included', async () => {
  const app = await createDataApp();
  await addCalls(app, { count: 4_000, from: '2025-01-01T00:00:00Z' });
  await compareAll(app);
  await rollUp(app, 100);
  await compareAll(app);
  await refreshRollups(app);
  expect((await app.db.query('SELECT 1 FROM usage_rollup_pending')).rowCount).toBe(0);
  await compareAll(app);
  // Late: rows for days and months that were done long ago.
  await addCalls(app, { count: 500, from: '2025-02-27T23:30:00Z' });
  await compareAll(app);
  await refreshRollups(app);
  await compareAll(app);
});

test('FR-ADMIN-002: who costs most with which model is as the raw rows say, also with calls that are late, new or somebody’s first', async () => {
  const app = await createDataApp();
  const compareMost = async () => {
    for (const [from, to] of PERIODS) {
      for (const by of ['cost', 'tokens'] as const) {
        const most = await sumUsageBy(app, { from, to, keys: ['user_id', 'model_alias', 'model'], by, limit: 5 });
        const { rows } = await app.db.query(
          `WITH ${RAW} SELECT user_id AS "userId", null AS email, model_alias AS "modelAlias", model, ${SUMS} FROM usage
           GROUP BY user_id, model_alias, model
           ORDER BY sum(${by === 'cost' ? 'provider_cost_usd' : 'total_tokens'}) DESC, user_id, model_alias, model LIMIT 5`,
          [from, to],
        );
        expect(most, `${by} of ${from} to ${to}`).toEqual(rows);
      }
    }
  };
  await addCalls(app, { count: 5, from: '2025-03-05T00:00:00Z' });
  await refreshRollups(app);
  // Most pairs have their first calls here.
  await addCalls(app, { count: 3_000, from: '2025-01-01T00:00:00Z' });
  await compareMost();
  await refreshRollups(app);
  await compareMost();
  await addCalls(app, { count: 200, from: '2025-03-01T00:00:00Z' });
  await compareMost();
  await refreshRollups(app);
  await compareMost();
});

test('NFR-PERF-001: a report reads no call that is rolled up, whatever its period', async () => {
  const app = await createDataApp();
  await addCalls(app, { count: 4_000, from: '2025-01-01T00:00:00Z' });
  await refreshRollups(app);
  await app.db.query('ANALYZE');
  // One connection, so that what it read is all in its own numbers.
  const db = new pg.Pool({ connectionString: app.url, max: 1 });
  const callsRead = async () => {
    await db.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await db.query<{ read: number }>(
      `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS read FROM pg_stat_user_tables
       WHERE relname IN ('llm_call_events', 'tool_call_events')`,
    );
    return rows[0]?.read ?? 0;
  };
  const before = await callsRead();
  for (const [from, to] of PERIODS) {
    for (const groupBy of [['user', 'model'], ['user'], ['model'], ['day']] as AnalyticsGroup[][]) {
      await reportUsage({ db }, { from, to, groupBy, limit: 100 });
    }
    await reportCosts({ db }, { from, to });
    await reportActiveUsers({ db }, { from, to });
    await reportModelHealth({ db }, { from, to });
    for (const of of ['users', 'models'] as const) await reportTop({ db }, { from, to, of, by: 'cost', limit: 5 });
  }
  expect((await callsRead()) - before).toBe(0);
  await addCalls(app, { count: 20, from: '2025-03-05T00:00:00Z' });
  await reportUsage({ db }, { from: '2025-03-05', to: '2025-03-07', groupBy: ['user', 'model'], limit: 100 });
  expect(await callsRead(), 'what is not rolled up is read').toBeGreaterThan(before);
  await db.end();
});

test('rollups are the same when they are made anew, in whatever zone, by whoever, at once', async () => {
  const app = await createDataApp();
  await addCalls(app, { count: 1_500, from: '2025-01-01T00:00:00Z' });
  await Promise.all([refreshRollups(app), refreshRollups(app), refreshRollups(app)]);
  const all = async () => {
    const tables = [
      'usage_rollups_daily',
      'usage_rollups_monthly',
      'usage_pairs',
      'pair_rollups_daily',
      'pair_rollups_monthly',
      'pair_rollups_yearly',
      'latency_rollups_daily',
      'latency_rollups_monthly',
      'model_rollups_daily',
      'user_rollups_daily',
      'user_rollups_monthly',
      'failure_rollups_daily',
      'tool_rollups_daily',
      'active_users_daily',
    ];
    const rows = await Promise.all(
      tables.map((table) => app.db.query<object>(`SELECT * FROM ${table} t ORDER BY t::text`)),
    );
    return rows.map((result) => result.rows);
  };
  const before = await all();
  expect(before.map((rows) => rows.length > 10)).toEqual(before.map(() => true));
  await app.db.query(
    `SET TIME ZONE 'Pacific/Auckland';
     SELECT rebuild_usage_rollups(days), rebuild_short_rollups(days), rebuild_pair_rollups(days)
     FROM (SELECT array_agg(DISTINCT day) AS days FROM usage_rollups_daily) d`,
  );
  expect(await all()).toEqual(before);
  const zoned = await app.db.connect();
  await zoned.query(`SET TIME ZONE 'Pacific/Auckland'`);
  await compareAll({ db: zoned } as unknown as Pick<DataApp, 'db'>);
  zoned.release(true);
});

test('a row that commits after its day was rolled up leaves a note of its own', async () => {
  const app = await createDataApp();
  await addCalls(app, { count: 50, from: '2025-03-04T00:00:00Z' });
  const slow = await app.db.connect();
  await slow.query('BEGIN');
  await addCalls({ db: slow } as unknown as Pick<DataApp, 'db'>, { count: 50, from: '2025-03-04T00:00:00Z' });
  await refreshRollups(app);
  await compareAll(app);
  await slow.query('COMMIT');
  slow.release();
  await compareAll(app);
  await refreshRollups(app);
  await compareAll(app);
});

test('while calls come in and are rolled up at once, every look finds each of them exactly once', async () => {
  const app = await createDataApp();
  let open = true;
  const stop = () => (open = false);
  const write = async () => {
    for (let n = 0; n < 30; n += 1) await addCalls(app, { count: 40, from: '2025-03-04T00:00:00Z' });
  };
  const roll = async () => {
    while (open) await refreshRollups(app);
  };
  const look = async () => {
    let looks = 0;
    for (; open; looks += 1) {
      const { rows } = await app.db.query<{ raw: number; told: number }>(
        `WITH ${usageInAll({ from: '2025-03-01', to: '2025-03-31' })} SELECT coalesce(sum(calls), 0)::int AS told,
           (SELECT count(*)::int FROM llm_call_events) AS raw FROM usage`,
        ['2025-03-01', '2025-03-31'],
      );
      expect(rows[0]?.told).toBe(rows[0]?.raw);
    }
    return looks;
  };
  const [, looks] = await Promise.all([write().finally(stop), look().finally(stop), roll(), roll()]);
  expect(looks).toBeGreaterThan(0);
  await compareAll(app);
});

test('latency buckets hold every served call, and a percentile read from them is right to within a tenth', async () => {
  const app = await createDataApp();
  await addCalls(app, { count: 1_000, from: '2025-01-01T00:00:00Z' });
  await refreshRollups(app);
  const { rows } = await app.db.query<{ measure: string; calls: number; wrong: number }>(
    `SELECT measure, sum(calls)::int AS calls, 0 AS wrong FROM latency_rollups_daily GROUP BY 1 ORDER BY 1`,
  );
  expect(rows).toEqual([
    { measure: 'first_token', calls: 200, wrong: 0 },
    { measure: 'total', calls: 400, wrong: 0 },
  ]);
  const bounds = await app.db.query<{ ok: boolean }>(
    `SELECT bool_and(ms <= power(1.1, latency_bucket(ms)) * 1.0001 AND ms >= power(1.1, latency_bucket(ms) - 1) * 0.9999) AS ok
     FROM generate_series(1, 200000, 7) ms`,
  );
  expect(bounds.rows[0]?.ok).toBe(true);
});
