/** FR-ADMIN-002: what analytics say is exactly what the raw rows say, at every moment. */
import { expect, test } from 'vitest';
import { refreshRollups } from '#server/admin/analytics/refresh-rollups.ts';
import { SUMS, USAGE_BY_DAY, USAGE_IN_ALL } from '#server/admin/analytics/usage-source.ts';
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
}

/** Every sum by day, user, model and alias, from the raw rows and from a relation `usage`. */
async function compare({ db }: Pick<DataApp, 'db'>, source: string, from: string, to: string): Promise<void> {
  const group = 'GROUP BY user_id, model, model_alias ORDER BY 1, 2, 3';
  const raw = await db.query(
    `WITH usage AS (SELECT *, 1 AS calls, (status IN ('failed', 'lost'))::int AS failed_calls FROM llm_call_events
       WHERE created_at >= $1::timestamp AT TIME ZONE 'UTC' AND created_at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC')
     SELECT user_id, model, model_alias, ${SUMS} FROM usage ${group}`,
    [from, to],
  );
  const found = await db.query(`WITH ${source} SELECT user_id, model, model_alias, ${SUMS} FROM usage ${group}`, [
    from,
    to,
  ]);
  expect(raw.rows.length).toBeGreaterThan(0);
  expect(found.rows).toEqual(raw.rows);
}

const PERIODS = [
  ['2025-01-01', '2025-12-31'],
  ['2025-01-17', '2025-04-02'],
  ['2025-03-01', '2025-03-31'],
  ['2025-03-05', '2025-03-05'],
] as const;

async function compareAll(app: Pick<DataApp, 'db'>): Promise<void> {
  for (const source of [USAGE_BY_DAY, USAGE_IN_ALL]) {
    for (const [from, to] of PERIODS) await compare(app, source, from, to);
  }
}

test('FR-ADMIN-002: sums equal the raw rows before, while and after days are rolled up, late rows included', async () => {
  const app = await createDataApp();
  await addCalls(app, { count: 4_000, from: '2025-01-01T00:00:00Z' });
  await compareAll(app);
  await app.db.query('SELECT refresh_usage_rollups(100)');
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

test('rollups are the same when they are made anew, in whatever zone, by whoever, at once', async () => {
  const app = await createDataApp();
  await addCalls(app, { count: 1_500, from: '2025-01-01T00:00:00Z' });
  await Promise.all([refreshRollups(app), refreshRollups(app), refreshRollups(app)]);
  const all = async () => {
    const tables = ['usage_rollups_daily', 'usage_rollups_monthly', 'latency_rollups_daily'];
    const rows = await Promise.all(
      tables.map((table) => app.db.query<object>(`SELECT * FROM ${table} t ORDER BY t::text`)),
    );
    return rows.map((result) => result.rows);
  };
  const before = await all();
  expect(before.map((rows) => rows.length > 20)).toEqual([true, true, true]);
  await app.db.query(
    `SET TIME ZONE 'Pacific/Auckland'; SELECT rebuild_usage_rollups(ARRAY(SELECT DISTINCT day FROM usage_rollups_daily))`,
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
  await compare(app, USAGE_BY_DAY, '2025-03-04', '2025-03-09');
  await slow.query('COMMIT');
  slow.release();
  await compare(app, USAGE_BY_DAY, '2025-03-04', '2025-03-09');
  await refreshRollups(app);
  await compare(app, USAGE_IN_ALL, '2025-03-01', '2025-03-31');
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
