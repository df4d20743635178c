/** FR-ADMIN-002 over HTTP: each report against the raw rows, for an analyst. */
import { beforeAll, expect, test } from 'vitest';
import { refreshRollups } from '#server/admin/analytics/refresh-rollups.ts';
import type { ActiveUsers, AuditLog, CostAnalytics, ModelHealth, Top, UsageAnalytics } from '#server/admin/contract.ts';
import { startTestApp, type TestUser } from '#tests/support/app.ts';
import { createRoom } from '#tests/support/rooms.ts';
import { runTurn } from '#tests/support/turns.ts';

const product = await startTestApp();
let analyst: TestUser;
let ada: TestUser;
let turnId: string;

/** Two people, two models, a failure, all of today; and a user of last year. */
beforeAll(async () => {
  analyst = await product.createUser({ role: 'analyst' });
  ada = await product.createUser({ email: '=cmd@example.com' });
  const bo = await product.createUser();
  const room = await createRoom(ada.client, { agents: ['Ada', { name: 'Bo', modelAlias: 'qwen' }] });
  turnId = (await runTurn(ada.client, room.id, '@all the secret word is xylophone')).id;
  const other = await createRoom(bo.client, { agents: [{ name: 'Cy', modelAlias: 'qwen' }] });
  await runTurn(bo.client, other.id, '@Cy hello');
  product.modelServer.setRules([{ behaviour: { status: 400 } }]);
  await runTurn(bo.client, other.id, '@Cy hello');
  product.modelServer.setRules([]);
});

const get = async <T>(path: string) => {
  const reply = await analyst.client.get<T>(`/admin/analytics/${path}`);
  expect(reply.status).toBe(200);
  return reply.body;
};

type Sum = { calls: number; cost: string; burned: string; tokens: string };
async function raw(where = 'true'): Promise<Sum> {
  const { rows } = await product.db.query<Sum>(
    `SELECT count(*)::int AS calls, trim_scale(sum(provider_cost_usd))::text AS cost, sum(credits_burned)::text AS burned,
       sum(total_tokens)::text AS tokens FROM llm_call_events WHERE ${where}`,
  );
  return rows[0] as Sum;
}

test('FR-ADMIN-002: usage and cost per person and model are the raw rows’ sums, at once and after the roll-up', async () => {
  for (const round of ['live', 'rolled up']) {
    const report = await get<UsageAnalytics>('usage?groupBy=user,model');
    const all = await raw();
    expect(report.total, round).toMatchObject({
      calls: all.calls,
      providerCostUsd: all.cost,
      burnedMicroCredits: all.burned,
    });
    expect(report.items).toHaveLength(3);
    for (const row of report.items) {
      const one = await raw(`user_id = '${row.userId}' AND model_alias = '${row.modelAlias}'`);
      expect([row.calls, row.providerCostUsd, row.burnedMicroCredits, String(row.totalTokens)]).toEqual([
        one.calls,
        one.cost,
        one.burned,
        one.tokens,
      ]);
    }
    await refreshRollups(product.app);
  }
});

test('FR-ADMIN-002: provider cost against the value of what was burned, by day, by model and in all', async () => {
  const costs = await get<CostAnalytics>('costs');
  const all = await raw();
  const value = Number(all.burned) / 1e8;
  expect(costs.total).toMatchObject({
    providerCostUsd: all.cost,
    burnedMicroCredits: all.burned,
    toolMicroCredits: '0',
  });
  expect(Number(costs.total.valueUsd)).toBeCloseTo(value, 7);
  expect(Number(costs.total.marginUsd)).toBeCloseTo(value - Number(all.cost), 7);
  expect(costs.items).toEqual([{ day: new Date().toISOString().slice(0, 10), ...costs.total }]);
  expect(costs.models.map(({ modelAlias }) => modelAlias).sort()).toEqual(['llama', 'qwen']);
});

test('FR-ADMIN-002: DAU, WAU and MAU count each person once in their window', async () => {
  const days = [0, 3, 8, 20, 29, 30, 45];
  await product.db.query(
    `INSERT INTO llm_call_events (id, user_id, room_id, turn_id, purpose, provider, model, model_alias, prompt_tokens,
       completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, status,
       pricing_version, multiplier, request_id, created_at)
     SELECT gen_random_uuid(), md5((n % 4)::text)::uuid, $1, $1, 'agent', 'p', 'm', 'llama', 1, 1, 0, 2, 0, 0, 5, 'ok', 1, 1, '',
       '2025-06-01T12:00:00Z'::timestamptz + d * interval '1 day'
     FROM unnest($2::int[]) WITH ORDINALITY AS x (d, n)`,
    [ada.id, days],
  );
  for (const round of ['live', 'rolled up']) {
    const report = await get<ActiveUsers>('active-users?from=2025-06-01&to=2025-08-31');
    expect(report.items).toHaveLength(92);
    const { rows } = await product.db.query<{ day: string; dau: number; wau: number; mau: number }>(
      `SELECT to_char(d, 'YYYY-MM-DD') AS day, ${[1, 7, 30]
        .map(
          (length) => `(SELECT count(DISTINCT user_id)::int FROM llm_call_events
            WHERE (created_at AT TIME ZONE 'UTC')::date BETWEEN d::date - ${length - 1} AND d::date)`,
        )
        .map((count, at) => `${count} AS ${['dau', 'wau', 'mau'][at] ?? ''}`)
        .join(', ')}
       FROM generate_series('2025-06-01'::timestamp, '2025-08-31'::timestamp, '1 day') d`,
    );
    expect(report.items, round).toEqual(rows);
    await refreshRollups(product.app);
  }
  const now = await get<ActiveUsers>('active-users');
  expect([now.dau, now.wau, now.mau]).toEqual([2, 2, 2]);
});

test('FR-ADMIN-002: the top people and models, by cost and by tokens', async () => {
  for (const of of ['users', 'models'] as const) {
    for (const by of ['cost', 'tokens'] as const) {
      const top = await get<Top>(`top?by=${by}&of=${of}`);
      expect(top.items).toHaveLength(2);
      const size = top.items.map((row) => (by === 'cost' ? Number(row.providerCostUsd) : row.totalTokens));
      expect(size).toEqual([...size].sort((a, b) => b - a));
    }
  }
  expect((await get<Top>('top?limit=1')).items).toHaveLength(1);
});

test('NFR-REL-002: failures are told by model, provider and cause, with how long answers take', async () => {
  const health = await get<ModelHealth>('models');
  const qwen = health.items.find(({ modelAlias }) => modelAlias === 'qwen');
  expect(qwen?.failedCalls).toBeGreaterThan(0);
  expect(qwen?.latencyP95Ms).toBeGreaterThanOrEqual(qwen?.latencyP50Ms ?? Infinity);
  expect(qwen?.firstTokenP50Ms).toBeGreaterThan(0);
  const counted = health.failures.reduce((sum, { calls }) => sum + calls, 0);
  expect(counted).toBe(health.items.reduce((sum, { failedCalls }) => sum + failedCalls, 0));
});

test('a report is a CSV for who accepts one, harmless in a spreadsheet, and the export is in the audit log', async () => {
  for (const report of ['usage', 'costs', 'active-users', 'top', 'models']) {
    const csv = await analyst.client.get<string>(`/admin/analytics/${report}`, { Accept: 'text/csv' });
    expect(csv.headers.get('Content-Type')).toContain('text/csv');
    expect(csv.body.split('\r\n').length).toBeGreaterThan(2);
    if (report === 'usage') expect(csv.body).toContain(",'=cmd@example.com,");
  }
  const { body } = await analyst.client.get<{ items: AuditLog[] }>('/admin/audit-logs?action=export');
  expect(body.items.map(({ targetType }) => targetType)).toEqual([
    'model-health',
    'top-users-by-cost',
    'active-users',
    'costs',
    'usage',
  ]);
  expect(body.items.every(({ actorId }) => actorId === analyst.id)).toBe(true);
});

test('a period that is none is refused with its field, and nobody else sees a report', async () => {
  for (const bad of ['from=2025-02-01&to=2025-01-01', 'from=2020-01-01&to=2025-01-01', 'from=soon', 'groupBy=secret']) {
    expect((await analyst.client.get(`/admin/analytics/usage?${bad}`)).status).toBe(400);
  }
  expect((await ada.client.get('/admin/analytics/usage')).status).toBe(404);
});

test('I7: a turn’s page tells what it cost and how it went, and not one word of what was said in it', async () => {
  const page = await (await analyst.client.fetch(`/admin/turns/${turnId}`)).text();
  expect(page).toContain('qwen');
  expect(page).toContain(turnId);
  for (const word of ['xylophone', 'Test room', 'Bo,', 'You are']) expect(page).not.toContain(word);
  expect((await ada.client.fetch(`/admin/turns/${turnId}`)).status).toBe(404);
});
