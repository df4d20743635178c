import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { watchLoad } from '#server/platform/load.ts';
import type { Turn } from '#server/turns/contract.ts';
import { startTestApp, type TestApp, type TestUser } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, usageOf, waitForEvent } from '../turns/scenes.ts';

const HANG = { hang: 'headers' as const };
const runningOf = async ({ db }: TestApp, userId?: string) => {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM turns WHERE status = 'running' AND ($1::uuid IS NULL OR user_id = $1)`,
    [userId ?? null],
  );
  return rows[0]?.count ?? 0;
};

/** One message to each of so many rooms, all at once. */
async function sendToRooms({ client }: TestUser, count: number): Promise<Turn[]> {
  const rooms = [];
  for (let n = 0; n < count; n += 1) rooms.push(await createRoom(client, { agents: ['Ada'] }));
  return Promise.all(rooms.map(({ id }) => sendTurn(client, id, '@Ada go')));
}

async function stopAll({ client }: TestUser, turns: Turn[]): Promise<void> {
  for (const turn of turns.toReversed()) await client.post(`/turns/${turn.id}/stop`);
  for (const turn of turns) await waitForTurn(client, turn.id);
}

test('a user’s turns run as many at once as the plan says, the others wait, know their place, and follow (NFR-PERF-003)', async () => {
  const product = await startTestApp();
  const free = await product.createUser({ microCredits: 10_000_000_000n });
  const pro = await product.createUser({ microCredits: 10_000_000_000n, plan: 'pro' });
  await product.db.query(`UPDATE plans SET concurrent_turns = CASE id WHEN 'pro' THEN 4 ELSE 2 END`);
  product.modelServer.setRules([as('Ada', HANG)]);
  const [frees, pros] = await Promise.all([sendToRooms(free, 4), sendToRooms(pro, 5)]);
  await expect.poll(() => runningOf(product, free.id)).toBe(2);
  await expect.poll(() => runningOf(product, pro.id)).toBe(4);
  await sleep(2_500); // The sweep has passed: it starts nothing beyond the limit.
  expect([await runningOf(product, free.id), await runningOf(product, pro.id)]).toEqual([2, 4]);

  const [late] = await sendToRooms(free, 1);
  const queued = await waitForEvent(free.client, late?.id ?? '', ({ type }) => type === 'turn_queued');
  expect(queued).toMatchObject({ type: 'turn_queued', data: { position: 2 } });

  product.modelServer.setRules([]);
  const { rows } = await product.db.query<{ id: string }>(
    `SELECT id FROM turns WHERE user_id = $1 AND status = 'running'`,
    [free.id],
  );
  for (const { id } of rows) await free.client.post(`/turns/${id}/stop`);
  const ended = await Promise.all([...frees, late].map((turn) => waitForTurn(free.client, turn?.id ?? '')));
  expect(ended.map(({ status }) => status).sort()).toEqual([
    ...Array<string>(2).fill('cancelled'),
    ...Array<string>(3).fill('completed'),
  ]);
  await stopAll(pro, pros);
});

test('no more turns run in all than LIMIT_RUNNING_TURNS, in two processes together', async () => {
  const first = await startTestApp({ env: { LIMIT_RUNNING_TURNS: '3' } });
  const second = await startTestApp({
    env: { LIMIT_RUNNING_TURNS: '3' },
    databaseUrl: first.databaseUrl,
    modelServer: first.modelServer,
  });
  first.modelServer.setRules([as('Ada', HANG)]);
  const users = [await first.createUser(), await second.createUser(), await first.createUser()];
  const turns = await Promise.all(users.map((user) => sendToRooms(user, 3)));
  await expect.poll(() => runningOf(first)).toBe(3);
  await sleep(2_500);
  expect(await runningOf(first)).toBe(3);
  first.modelServer.setRules([]);
  await Promise.all(users.map((user, at) => stopAll(user, turns[at] ?? [])));
});

test('a process that falls behind turns requests away with Retry-After, lets stops and probes pass, and recovers', async () => {
  const product = await startTestApp({ env: { LIMIT_EVENT_LOOP_DELAY_MS: '100' } });
  const { client } = await product.createUser();
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const turn = await sendTurn(client, room.id, '@Ada go');
  for (let n = 0; n < 4; n += 1) {
    const until = Date.now() + 900;
    while (Date.now() < until);
    await sleep(0);
  }
  const refused = await client.get<{ code: string }>('/rooms');
  expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } });
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect((await client.fetch('/healthz')).status).toBe(200);
  expect((await client.post(`/turns/${turn.id}/stop`)).status).toBe(202);
  expect(await (await client.fetch('/metrics')).text()).toMatch(/requests_shed_total\{why="event_loop"\} [1-9]/);
  await expect.poll(async () => (await client.get('/rooms')).status, { timeout: 20_000 }).toBe(200);
  expect((await waitForTurn(client, turn.id)).status).toBe('cancelled');
});

test('what a process loads before it serves is no overload, nor is one pause', async () => {
  const load = watchLoad({ limitEventLoopDelayMs: 50, limitMemoryMb: null });
  const pause = async (ms: number) => {
    const until = Date.now() + ms;
    while (Date.now() < until);
    await sleep(0);
  };
  await pause(600);
  await sleep(300);
  expect(load.why()).toBeNull();
  load.start();
  await pause(3_000);
  expect(load.why()).toBeNull();
  for (let n = 0; n < 4; n += 1) await pause(600);
  expect(load.why()).toBe('event_loop');
  load.stop();
});

test('memory above its limit turns requests away as well', async () => {
  const product = await startTestApp({ env: { LIMIT_MEMORY_MB: '64' } });
  expect((await product.client().get('/plans')).status).toBe(503);
});

test('a model that keeps failing is spared: the fallback answers at once, and it is asked again after a while (NFR-REL-003)', async () => {
  const product = await startTestApp({
    env: { LLM_MODEL_LLAMA: 'vendor/broken', LLM_MODEL_QWEN: 'vendor/whole' },
  });
  const { client } = await product.createUser({ microCredits: 10_000_000_000n });
  product.modelServer.setRules([{ match: { model: 'vendor/broken' }, behaviour: { status: 500 } }]);
  const agents = ['Ada', 'Bo', 'Cy', 'Dee'].map((name) => ({
    name,
    modelAlias: 'llama' as const,
    fallbackAlias: 'qwen' as const,
  }));
  const room = await createRoom(client, { agents });
  const failing = await runTurn(client, room.id, '@all hello');
  expect(failing).toMatchObject({ status: 'completed', failedSteps: 0 });
  expect(await (await client.fetch('/metrics')).text()).toContain('model_circuit_open{model="vendor/broken"} 1');

  const asked = () => product.modelServer.log.filter(({ model }) => model.requested === 'vendor/broken').length;
  const before = asked();
  const spared = await runTurn(client, room.id, '@all again');
  expect(spared).toMatchObject({ status: 'completed', failedSteps: 0 });
  expect(spared.steps.map(({ modelAlias }) => modelAlias)).toEqual(Array(4).fill('qwen'));
  expect(asked(), 'nobody asks it meanwhile').toBe(before);
  expect(
    (await usageOf(product, spared.id)).map(({ status }) => status),
    'what is not asked is not metered',
  ).toEqual(Array(4).fill('ok'));
});

test('in maintenance everybody but admins gets a page or a problem that says so; what runs goes on; who switched it is in the log (NFR-PERF-003, FR-ADMIN-004)', async () => {
  const product = await startTestApp();
  const person = await product.createUser();
  const analyst = await product.createUser({ role: 'analyst' });
  const room = await createRoom(person.client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { tokens: 20, tokenDelayMs: 100 })]);
  const turn = await sendTurn(person.client, room.id, '@Ada go');
  await promisify(execFile)(process.execPath, ['scripts/maintenance.ts', 'on'], {
    env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: product.databaseUrl },
  });
  await expect.poll(async () => (await person.client.get('/rooms')).status, { timeout: 10_000 }).toBe(503);
  const refused = await person.client.get<{ code: string }>('/rooms');
  expect(refused.body.code).toBe('maintenance');
  expect(refused.headers.get('Retry-After')).toBe('60');
  const page = await person.client.fetch('/');
  expect([page.status, page.headers.get('Content-Type')]).toEqual([503, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain('Down for maintenance');
  expect((await product.client().fetch('/sign-in')).status).toBe(200);
  expect((await product.client().fetch('/readyz')).status).toBe(200);
  expect((await analyst.client.get('/rooms')).status).toBe(200);
  expect((await analyst.client.put('/admin/settings', { maintenance: false })).status).toBe(403);
  const owner = await product.createUser({ role: 'owner' });
  expect((await owner.client.put('/admin/settings', { maintenance: false })).status).toBe(200);
  await expect.poll(async () => (await person.client.get('/rooms')).status, { timeout: 10_000 }).toBe(200);
  expect((await waitForTurn(person.client, turn.id)).status).toBe('completed');
  const { body: log } = await owner.client.get<{ items: { actorId: string | null; after: unknown }[] }>(
    '/admin/audit-logs?action=settings.update',
  );
  expect(log.items.map(({ actorId, after }) => [actorId, after])).toEqual([
    [owner.id, { maintenance: false }],
    [null, { maintenance: true }],
  ]);
});
