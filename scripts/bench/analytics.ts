/**
 * How long the admin pages' loaders take with ten million usage rows: `npm run bench:analytics`. The rows are made by SQL on a
 * PostgreSQL of its own: a year of calls by some thousands of people, each active on some days. They are rolled up as the
 * job does it, the newest day is left to be read as it is, and each report is asked for many times over several periods.
 *
 * Options: --rows 10000000 --people 3000 --times 20. Ends with 1 when a p95 is above 500 ms (NFR-PERF-001).
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { refreshRollups } from '#server/admin/analytics/refresh-rollups.ts';
import { reportActiveUsers } from '#server/admin/analytics/report-active-users.ts';
import { reportCosts } from '#server/admin/analytics/report-costs.ts';
import { reportModelHealth } from '#server/admin/analytics/report-model-health.ts';
import { reportTop } from '#server/admin/analytics/report-top.ts';
import { reportUsage, sumUsage } from '#server/admin/analytics/report-usage.ts';
import { periodBefore, type Period } from '#server/admin/contract.ts';
import { createPool } from '#server/platform/db.ts';
import { startTestCluster, TEMPLATE, urlOf } from '../../tests/support/test-cluster.ts';
import { say } from '../say.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    people: { type: 'string', default: '3000' },
    times: { type: 'string', default: '20' },
  },
});
const LIMIT_MS = 500;
const DAYS = 365;

const cluster = await startTestCluster();
const db = createPool(await createDatabase(cluster.adminUrl));
try {
  await fill(Number(values.rows), Number(values.people));
  await db.query('ANALYZE');
  const begun = performance.now();
  await refreshRollups({ db });
  await db.query('ANALYZE');
  say(`rolled up in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  // The newest day is never rolled up for long: its rows are read as they are.
  await db.query('INSERT INTO usage_rollup_pending (day) VALUES (current_date)');
  let worst = 0;
  for (const days of [7, 30, 90, 365]) {
    const to = new Date().toISOString().slice(0, 10);
    const period = { from: new Date(Date.parse(to) - (days - 1) * 86_400_000).toISOString().slice(0, 10), to };
    for (const [page, load] of Object.entries(pagesOf(period))) {
      const times: number[] = [];
      for (let n = 0; n < Number(values.times); n++) {
        const start = performance.now();
        await load();
        times.push(performance.now() - start);
      }
      times.sort((a, b) => a - b);
      const p95 = times[Math.ceil(times.length * 0.95) - 1] ?? 0;
      worst = Math.max(worst, p95);
      say(
        `${String(days).padStart(3)} days  ${page.padEnd(9)} p50 ${ms(times[times.length >> 1] ?? 0)}  p95 ${ms(p95)}`,
      );
    }
  }
  say(`worst p95: ${ms(worst)}, limit ${LIMIT_MS} ms`);
  process.exitCode = worst > LIMIT_MS ? 1 : 0;
} finally {
  await db.end();
  await cluster.stop();
}

/** What the loaders of the pages ask for, as they ask for it. */
function pagesOf(period: Period): Record<string, () => Promise<unknown>> {
  const app = { db };
  const before = periodBefore(period);
  const most = { ...period, by: 'cost' as const, limit: 5 };
  return {
    overview: () =>
      Promise.all([
        sumUsage(app, period),
        sumUsage(app, before),
        reportCosts(app, period),
        reportActiveUsers(app, period),
        reportActiveUsers(app, { from: before.to, to: before.to }),
        reportTop(app, { ...most, of: 'users' }),
        reportTop(app, { ...most, of: 'models' }),
      ]),
    usage: () =>
      Promise.all([
        reportUsage(app, { ...period, groupBy: ['day'], limit: 400 }),
        reportUsage(app, { ...period, groupBy: ['user', 'model'], limit: 100 }),
      ]),
    health: () => reportModelHealth(app, period),
    user: () =>
      Promise.all([
        reportUsage(app, { ...period, userId: personOf(7), groupBy: ['day'], limit: 400 }),
        reportUsage(app, { ...period, userId: personOf(7), groupBy: ['model'], limit: 50 }),
      ]),
  };
}

function personOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

async function fill(rows: number, people: number): Promise<void> {
  const begun = performance.now();
  const perDay = Math.ceil(rows / DAYS);
  for (let day = 0; day < DAYS; day++) {
    // On a day about a third of the people are there, each with two models.
    await db.query(
      `INSERT INTO llm_call_events (id, user_id, room_id, turn_id, purpose, provider, model, model_alias, prompt_tokens,
         completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, first_token_ms,
         status, error_code, pricing_version, multiplier, request_id, created_at)
       SELECT gen_random_uuid(), ('00000000-0000-4000-8000-' || lpad(p::text, 12, '0'))::uuid, $3, gen_random_uuid(),
         'agent', 'openrouter', 'vendor/' || a, a, 800, 300, 100, 1100, 0.00031, 62000, 400 + (n * 37) % 9000,
         150 + (n * 13) % 1500, CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'ok' END,
         CASE WHEN n % 50 = 0 THEN 'rate_limited' END, 1, 1, '', current_date - $1::int + n * interval '1 second'
       FROM generate_series(1, $2::int) n
       CROSS JOIN LATERAL (SELECT ((n * 7919 + $1 ::int * 31) % ($4::int / 3)) * 3 + $1::int % 3 AS p) x
       CROSS JOIN LATERAL (SELECT (ARRAY['llama','qwen','deepseek','gpt_oss','premium'])[1 + (p + (n / 1000) % 2) % 5] AS a) y`,
      [day, perDay, personOf(1), people],
    );
  }
  say(`${perDay * DAYS} rows in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
}

async function createDatabase(adminUrl: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE bench TEMPLATE ${TEMPLATE}`);
  await admin.end();
  return urlOf(adminUrl, 'bench');
}

function ms(value: number): string {
  return `${value.toFixed(0).padStart(4)} ms`;
}
