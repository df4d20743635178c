import { beforeEach, expect, test } from 'vitest';
import { startTestApp } from '../support/app.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';
import { runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, asManager, HANG, stepOf, usageOf, waitForEvent, waitUntilAsked } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const user = await product.createUser({ plan: 'power', microCredits: 1_000_000_000n });
const { client } = user;

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

/** FR-BILL-002's fields, by the names under which outside tools read them. */
const FIELDS = [
  'user_id',
  'room_id',
  'direct_session_id',
  'turn_id',
  'step_id',
  'agent_id',
  'provider',
  'model',
  'prompt_tokens',
  'completion_tokens',
  'cached_tokens',
  'total_tokens',
  'provider_cost_usd',
  'credits_burned',
  'latency_ms',
  'status',
  'pricing_version',
  'request_id',
  'created_at',
] as const;

test('a call’s row has every field, and they are what the provider said (AT-008, FR-BILL-001, FR-BILL-002)', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { cachedTokens: 3, cost: 0.000_123, servedModel: 'llama-served' })]);
  const turn = await runTurn(client, room.id, '@Ada go');
  const [row, ...more] = await usageOf(product, turn.id);
  const [call] = product.modelServer.log;
  expect(more).toEqual([]);
  for (const field of FIELDS) expect(row, field).toHaveProperty(field);
  expect(row).toMatchObject({
    user_id: user.id,
    room_id: room.id,
    direct_session_id: null,
    turn_id: turn.id,
    step_id: turn.steps[0]?.id,
    agent_id: room.agents[0]?.id,
    provider: 'openai-compatible',
    model: 'llama-served',
    prompt_tokens: call?.usageSent?.['prompt_tokens'],
    completion_tokens: 6,
    cached_tokens: 3,
    total_tokens: call?.usageSent?.['total_tokens'],
    status: 'ok',
    pricing_version: 1,
    request_id: call?.id,
  });
  expect(Number(row?.provider_cost_usd)).toBeCloseTo(0.000_123, 9);
  expect(row?.latency_ms).toBeGreaterThanOrEqual(0);
  expect(turn.steps[0]?.usage).toEqual({
    promptTokens: row?.prompt_tokens,
    completionTokens: 6,
    cachedTokens: 3,
    totalTokens: row?.total_tokens,
    chargedMicroCredits: row?.credits_burned.toString(),
    latencyMs: row?.latency_ms,
  });
});

test('there is exactly one row per call that the provider saw: manager, workers, retries, failures, a stopped one (AT-008)', async () => {
  const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada', 'Bo', 'Cy'] });
  product.modelServer.setRules([
    asManager('plan', { invalidPlan: true }, 1),
    as('Ada', { status: 503, retryAfter: 0 }, 1),
    as('Bo', { status: 400 }),
    asManager('synthesis', HANG),
  ]);
  const { id } = await sendTurn(client, room.id, 'Go.');
  await waitForEvent(
    client,
    id,
    ({ type, data }) => type === 'step_started' && (data as { kind: string }).kind === 'synthesis',
  );
  await waitForEvent(
    client,
    id,
    (event) => event.type === 'step_delta' && event.seq > 0 && product.modelServer.log.at(-1)?.tokensServed === 3,
  );
  await client.post(`/turns/${id}/stop`);
  const turn = await waitForTurn(client, id);
  await product.modelServer.settled();
  const rows = await usageOf(product, id);
  expect(rows).toHaveLength(product.modelServer.log.length);
  expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(rows.length);
  expect(rows.map(({ purpose, status }) => `${purpose} ${status}`).sort()).toEqual([
    'agent failed',
    'agent failed',
    'agent ok',
    'agent ok',
    'manager ok',
    'manager ok',
    'synthesis cancelled',
  ]);
  const sum = rows.reduce((total, row) => total + row.credits_burned, 0n);
  expect(turn.chargedMicroCredits).toBe(sum.toString());
});

const usage = (prompt: number, completion: number, cached?: number) => ({
  usage: {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
  },
});

test.each([
  ['llama', usage(1_000, 200), '27500'],
  ['llama', usage(1_000, 200, 300), '23750'],
  ['llama', usage(1, 1), '68'],
  ['llama', usage(1_000, 200, 1_000), '15000'],
  ['qwen', usage(1_000, 200, 300), '28500'],
  ['deepseek', usage(12_345, 678, 4_321), '195925'],
  ['premium', usage(1_000, 200, 300), '475000'],
] as const)(
  'for reference counts the credits burned are the formula’s, at the model’s multiplier: %s %j = %s micro-credits (AT-009, FR-BILL-003, FR-BILL-006, FR-DIRECT-003)',
  async (modelAlias, behaviour, expected) => {
    const direct = await createDirectSession(client, { modelAlias });
    product.modelServer.setRules([{ behaviour }]);
    const turn = await runTurn(client, { directSessionId: direct.id }, 'Reference.');
    expect(turn.chargedMicroCredits).toBe(expected);
    const [row] = await usageOf(product, turn.id);
    expect(row?.credits_burned.toString()).toBe(expected);
  },
);

test('a provider that doesn’t say what it counted is estimated, and the row says so (FR-BILL-006)', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { usage: null })]);
  const turn = await runTurn(client, room.id, '@Ada go');
  const [row] = await usageOf(product, turn.id);
  expect(row).toMatchObject({ status: 'estimated', completion_tokens: 6, cached_tokens: 0 });
  expect(row?.prompt_tokens).toBeGreaterThan(100);
});

test.each([
  { prompt_tokens: -5, completion_tokens: 10 },
  { prompt_tokens: 10, completion_tokens: 1e12 },
  { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 99 } },
  { prompt_tokens: '10', completion_tokens: 2 },
])('an absurd count is never charged and never raises a balance: %j', async (counts) => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { usage: counts })]);
  const before = await wallet();
  const turn = await runTurn(client, room.id, '@Ada go');
  expect(turn).toMatchObject({ status: 'completed', chargedMicroCredits: '0' });
  expect(await wallet()).toEqual(before);
});

test('what is set aside is taken when the message is accepted and given back when the turn has ended; the ledger adds up', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const before = await wallet();
  const turn = await sendTurn(client, room.id, '@Ada go');
  await waitUntilAsked(product, 'Ada');
  const held = BigInt(turn.reservedMicroCredits);
  expect(held).toBeGreaterThan(0n);
  expect(await wallet()).toEqual({ available: before.available - held, held });
  await client.post(`/turns/${turn.id}/stop`);
  const ended = await waitForTurn(client, turn.id);
  const after = await wallet();
  expect(after).toEqual({ available: before.available - BigInt(ended.chargedMicroCredits), held: 0n });
  const { rows } = await product.db.query<{ available: bigint; held: bigint }>(
    `SELECT sum(available_delta)::bigint AS available, sum(held_delta)::bigint AS held
     FROM credit_transactions WHERE user_id = $1`,
    [user.id],
  );
  expect(rows[0]).toEqual(after);
});

test('what waits holds its credits too, and gives all of them back when it is taken out of the queue', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const running = await sendTurn(client, room.id, '@Ada go');
  const held = await wallet();
  const waiting = await sendTurn(client, room.id, '@Ada wait');
  expect((await wallet()).held).toBe(held.held + BigInt(waiting.reservedMicroCredits));
  await client.post(`/turns/${waiting.id}/stop`);
  expect(await wallet()).toEqual(held);
  await client.post(`/turns/${running.id}/stop`);
  await waitForTurn(client, running.id);
  expect((await wallet()).held).toBe(0n);
});

test('a step’s usage is the sum of its calls', async () => {
  const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada'] });
  product.modelServer.setRules([asManager('plan', { invalidPlan: true }, 1)]);
  const turn = await runTurn(client, room.id, 'Go.');
  const rows = (await usageOf(product, turn.id)).filter(({ purpose }) => purpose === 'manager');
  expect(rows).toHaveLength(2);
  expect(stepOf(turn, 'Manager').usage.totalTokens).toBe(rows.reduce((sum, row) => sum + row.total_tokens, 0));
});

async function wallet(): Promise<{ available: bigint; held: bigint }> {
  const { rows } = await product.db.query<{ available: bigint; held: bigint }>(
    'SELECT available_micro_credits AS available, held_micro_credits AS held FROM credit_wallets WHERE user_id = $1',
    [user.id],
  );
  if (!rows[0]) throw new Error('There is no wallet.');
  return rows[0];
}
