/**
 * How long the admin pages' loaders take with ten million usage rows: `npm run bench:analytics`. The rows are made by SQL on a
 * PostgreSQL of its own: a year of calls by some thousands of people, each active on every third day. They are rolled up as the
 * job does it, the newest day is left to be read as it is, and each page is asked for many times over several periods.
 *
 * Options: --rows 10000000 --people 3000 --models 5 (each person's, of five) --times 20. Ends with 1 when a p95 is above 500 ms
 * (NFR-PERF-001), or when a page read a table of calls from end to end.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { refreshRollups } from '#server/admin/analytics/refresh-rollups.ts';
import { reportActiveUsers } from '#server/admin/analytics/report-active-users.ts';
import { reportCosts } from '#server/admin/analytics/report-costs.ts';
import { reportModelHealth } from '#server/admin/analytics/report-model-health.ts';
import { reportTop } from '#server/admin/analytics/report-top.ts';
import { reportUsage, sumUsage } from '#server/admin/analytics/report-usage.ts';
import { findAuditLogs } from '#server/admin/audit/find-audit-logs.ts';
import { findQueues } from '#server/admin/jobs/find-queues.ts';
import { periodBefore, type AnalyticsGroup, type Period } from '#server/admin/contract.ts';
import { findUserTurns } from '#server/admin/turns/find-user-turns.ts';
import { getTurnMetadata } from '#server/admin/turns/get-turn-metadata.ts';
import { findUsers, getUser } from '#server/admin/users/find-users.ts';
import { createPool } from '#server/platform/db.ts';
import { startTestCluster, TEMPLATE, urlOf } from '../../tests/support/test-cluster.ts';
import { say } from '../say.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    people: { type: 'string', default: '3000' },
    models: { type: 'string', default: '5' },
    times: { type: 'string', default: '20' },
  },
});
const LIMIT_MS = 500;
const ROOM = '00000000-0000-4000-8000-000000000001';
const COLUMNS = `id, user_id, room_id, turn_id, purpose, provider, model, model_alias, prompt_tokens, completion_tokens,
  cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, first_token_ms, status, error_code,
  pricing_version, multiplier, request_id, created_at`;
const VALUES = `uuidv7(), person, '${ROOM}'::uuid, turn, 'agent', 'openrouter', 'vendor/' || a, a, 800, 300, 100, 1100,
  0.00031, 62000, 400 + (n * 37) % 9000, 150 + (n * 13) % 1500, CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'ok' END,
  CASE WHEN n % 50 = 0 THEN 'rate_limited' END, 1, 1, '', at`;
const DAYS = 365;
/** What no page may read from end to end. */
const LARGE = ['llm_call_events', 'tool_call_events', 'turns', 'usage_rollups_daily'];
/** So many days up to today, as the pages offer them; and some from the middle of a month to the middle of another. */
const PERIODS = [
  { days: 7, ago: 0 },
  { days: 30, ago: 0 },
  { days: 90, ago: 0 },
  { days: 365, ago: 0 },
  { days: 200, ago: 37 },
];
/** As on a small server for such a database. */
const SETTINGS = { shared_buffers: '1GB', max_wal_size: '8GB', maintenance_work_mem: '512MB' };

const cluster = await startTestCluster({ settings: SETTINGS });
const db = createPool(await createDatabase(cluster.adminUrl));
const app = { db };
try {
  await fill(Number(values.rows), Number(values.people));
  const begun = performance.now();
  await refreshRollups(app);
  say(`rolled up in ${seconds(begun)} s`);
  await db.query('VACUUM (ANALYZE)');
  // What came since the job last ran.
  await db.query(
    `INSERT INTO llm_call_events (${COLUMNS}) SELECT ${VALUES} ${calls({ days: 1, perDay: 1_000, people: Number(values.people) })}`,
  );
  const scansBefore = await readScans();
  let worst = 0;
  for (const { days, ago } of PERIODS) {
    const period = { from: dayBefore(ago + days - 1), to: dayBefore(ago) };
    const name = `${String(days).padStart(3)} days${ago > 0 ? ` up to ${period.to}` : ''}`;
    for (const [page, load] of Object.entries(pagesOf(period))) {
      worst = Math.max(worst, await measure(`${name}  ${page}`, load));
    }
  }
  for (const [page, load] of Object.entries(otherPages())) {
    worst = Math.max(worst, await measure(`          ${page}`, load));
  }
  const scansAfter = await readScans();
  const read = LARGE.filter((table) => scansAfter[table] !== scansBefore[table]);
  say(`worst p95: ${ms(worst)}, limit ${LIMIT_MS} ms; read from end to end: ${read.join(', ') || 'none'}`);
  process.exitCode = worst > LIMIT_MS || read.length > 0 ? 1 : 0;
} finally {
  await db.end();
  await cluster.stop();
}
// Now: what else waits for the end of the process would end it with success.
process.exit();

/** Asks once to warm up, then so many times; the p95 in milliseconds. */
async function measure(page: string, load: () => Promise<unknown>): Promise<number> {
  await load();
  const times: number[] = [];
  for (let n = 0; n < Number(values.times); n++) {
    const start = performance.now();
    await load();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const p95 = times[Math.ceil(times.length * 0.95) - 1] ?? 0;
  say(`${page.padEnd(32)} p50 ${ms(times[times.length >> 1] ?? 0)}  p95 ${ms(p95)}`);
  return p95;
}

/** What the loaders of the pages that have a period ask for, as they ask for it. */
function pagesOf(period: Period): Record<string, () => Promise<unknown>> {
  const before = periodBefore(period);
  const most = { ...period, by: 'cost' as const, limit: 5 };
  const usageBy = (groupBy: AnalyticsGroup[]) => () =>
    Promise.all([
      reportUsage(app, { ...period, groupBy: ['day'], limit: 400 }),
      reportUsage(app, { ...period, groupBy, limit: 100 }),
      sumUsage(app, before),
    ]);
  const userId = personOf(7);
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
    'usage by person and model': usageBy(['user', 'model']),
    'usage by person': usageBy(['user']),
    'usage by model': usageBy(['model']),
    'model health': () => Promise.all([reportModelHealth(app, period), sumUsage(app, before), findQueues(app)]),
    'a user': () =>
      Promise.all([
        getUser(app, userId),
        reportUsage(app, { ...period, userId, groupBy: ['day'], limit: 400 }),
        reportUsage(app, { ...period, userId, groupBy: ['model'], limit: 50 }),
        findUserTurns(app, { userId, limit: 25 }),
      ]),
  };
}

function otherPages(): Record<string, () => Promise<unknown>> {
  return {
    users: () => findUsers(app, { limit: 50 }),
    'users by a part of the address': () => findUsers(app, { limit: 50, q: 'person77' }),
    'a turn': () => getTurnMetadata(app, turnOf(100)),
    'audit log': () => findAuditLogs(app, { limit: 50 }),
  };
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function personOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

function turnOf(n: number): string {
  return `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;
}

/** `perDay` calls on each of so many days up to today: a third of the people are there, each with `--models` models. */
function calls({ days, perDay, people }: { days: number; perDay: number; people: number }): string {
  const step = Math.max(1, Math.floor(86_000_000 / perDay));
  return `FROM generate_series(0, ${days - 1}) day CROSS JOIN generate_series(1, ${perDay}) n
    CROSS JOIN LATERAL (SELECT ((n * 7919 + day * 31) % ${Math.floor(people / 3)}) * 3 + day % 3 AS p,
      date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - day * interval '1 day'
        + n * ${step} * interval '1 millisecond' AS at) x
    CROSS JOIN LATERAL (SELECT (ARRAY['llama','qwen','deepseek','gpt_oss','premium'])[1 + (p + (n / 1000) % ${Number(values.models)}) % 5] AS a,
      ('00000000-0000-4000-8000-' || lpad(p::text, 12, '0'))::uuid AS person,
      ('00000000-0000-4000-9000-' || lpad(((day * ${perDay} + n) / 3)::text, 12, '0'))::uuid AS turn) y`;
}

/** People, their calls, a turn for every third call and a tool's call for every tenth. Triggers and indexes come back after. */
async function fill(rows: number, people: number): Promise<void> {
  const begun = performance.now();
  const year = { days: DAYS, perDay: Math.ceil(rows / DAYS), people };
  const tables = ['llm_call_events', 'turns', 'tool_call_events'];
  const { rows: indexes } = await db.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = ANY ($1) AND indexname NOT LIKE '%_pkey'`,
    [tables],
  );
  for (const table of tables) await db.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await db.query(`DROP INDEX ${indexes.map(({ name }) => name).join(', ')}`);
  await db.query(
    `INSERT INTO users (id, email) SELECT ('00000000-0000-4000-8000-' || lpad(p::text, 12, '0'))::uuid,
       'person' || p || '@example.com' FROM generate_series(0, $1::int) p`,
    [people],
  );
  await db.query(`INSERT INTO llm_call_events (${COLUMNS}) SELECT ${VALUES} ${calls(year)}`);
  await db.query(
    `INSERT INTO turns (id, conversation_id, room_id, branch_id, depth, user_id, status, mode, queue_position,
       pricing_version_id, created_at, started_at, finished_at, snapshot)
     SELECT DISTINCT ON (turn) turn, $1::uuid, $1::uuid, $1::uuid, 0, person, 'completed', 'manual', 0, 1, at, at,
       at + interval '9 seconds', '{}'::jsonb ${calls(year)} WHERE n % 3 = 0`,
    [ROOM],
  );
  await db.query(
    `INSERT INTO tool_call_events (id, user_id, turn_id, tool, status, units, credits_burned, created_at)
     SELECT uuidv7(), person, turn, 'search_web', 'completed', 1, 20000, at ${calls(year)} WHERE n % 10 = 0`,
  );
  for (const { definition } of indexes) await db.query(definition);
  for (const table of tables) await db.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  // One note a day makes the job roll the day up.
  await db.query(
    `INSERT INTO usage_rollup_pending (day, call_id)
     SELECT DISTINCT ON (day) (created_at AT TIME ZONE 'UTC')::date AS day, id FROM llm_call_events ORDER BY day`,
  );
  await db.query('VACUUM (ANALYZE)');
  say(`${year.perDay * DAYS} calls of ${people} people in ${seconds(begun)} s`);
}

/** How often each large table was read from end to end. */
async function readScans(): Promise<Record<string, number>> {
  await db.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await db.query<{ name: string; scans: number }>(
    `SELECT relname AS name, seq_scan::int AS scans FROM pg_stat_user_tables WHERE relname = ANY ($1)`,
    [LARGE],
  );
  return Object.fromEntries(rows.map(({ name, scans }) => [name, scans]));
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

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0);
}
