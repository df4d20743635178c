import { beforeEach, expect, test } from 'vitest';
import type { Turn } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';
import { getTurn, readEvents, runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, askedAs, HANG, said, usageOf, waitUntilAsked, type Problem } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } }, env: { LIMIT_QUEUED_TURNS: '3' } });
const { client } = await product.createUser({ microCredits: 1_000_000_000n });

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

test('a send answers at once with the turn, where it is, and what it has set aside', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const sent = await client.post<{ turn: Turn }>(`/rooms/${room.id}/turns`, { message: '@Ada hello' });
  expect(sent.status).toBe(202);
  const { turn } = sent.body;
  expect(sent.headers.get('location')).toBe(`/api/v1/turns/${turn.id}`);
  expect(turn).toMatchObject({ roomId: room.id, status: 'queued', message: '@Ada hello', chargedMicroCredits: '0' });
  expect(BigInt(turn.reservedMicroCredits)).toBeGreaterThan(0n);
  expect(turn).not.toHaveProperty('directSessionId');
  const done = await waitForTurn(client, turn.id);
  expect(done.reservedMicroCredits).toBe('0');
  expect(BigInt(done.chargedMicroCredits)).toBeGreaterThan(0n);
  expect(BigInt(done.chargedMicroCredits)).toBeLessThanOrEqual(BigInt(turn.reservedMicroCredits));
});

test('the same Idempotency-Key gives the same turn, another message under it is 409, another room is another send', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const key = { idempotencyKey: 'send-1' };
  const first = await runTurn(client, room.id, '@Ada once', key);
  const again = await sendTurn(client, room.id, '@Ada once', key);
  expect(again).toEqual(first);
  const other = await client.post<Problem>(
    `/rooms/${room.id}/turns`,
    { message: '@Ada twice' },
    { 'Idempotency-Key': 'send-1' },
  );
  expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
  const branch = await client.post<Problem>(
    `/rooms/${room.id}/turns`,
    { message: '@Ada once', parentTurnId: first.id },
    { 'Idempotency-Key': 'send-1' },
  );
  expect(branch.status).toBe(409);
  const elsewhere = await createRoom(client, { agents: ['Ada'] });
  expect((await runTurn(client, elsewhere.id, '@Ada once', key)).id).not.toBe(first.id);
  expect(askedAs(product, 'Ada')).toHaveLength(2);
});

test('an Idempotency-Key that is too long is 422', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const message = { message: '@Ada hello' };
  const refused = await client.post<Problem>(`/rooms/${room.id}/turns`, message, {
    'Idempotency-Key': 'x'.repeat(256),
  });
  expect([refused.status, refused.body.code]).toEqual([422, 'invalid_input']);
});

test('a double click is one turn, answered once', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const sends = await Promise.all(
    Array.from({ length: 5 }, () => sendTurn(client, room.id, '@Ada click', { idempotencyKey: 'click' })),
  );
  expect(new Set(sends.map(({ id }) => id)).size).toBe(1);
  await waitForTurn(client, sends[0]?.id ?? '');
  expect(product.modelServer.log).toHaveLength(1);
  const { body } = await client.get<{ items: Turn[] }>(`/rooms/${room.id}/turns`);
  expect(body.items).toHaveLength(1);
});

test('two tabs that send at once get two turns, one after the other, in one conversation', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const [one, two] = await Promise.all([
    sendTurn(client, room.id, '@Ada left'),
    sendTurn(client, room.id, '@Ada right'),
  ]);
  const [left, right] = [await waitForTurn(client, one.id), await waitForTurn(client, two.id)];
  const [earlier, later] = left.parentTurnId === null ? [left, right] : [right, left];
  expect(later.parentTurnId).toBe(earlier.id);
  expect(Date.parse(later.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(earlier.finishedAt ?? '') - 1);
  expect(said(askedAs(product, 'Ada')[1])).toEqual([earlier.message, earlier.steps[0]?.content, later.message]);
});

test('the first tab’s Idempotency-Key doesn’t keep a second, different message out', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const [a, b] = await Promise.all([
    sendTurn(client, room.id, '@Ada same words', { idempotencyKey: 'tab-1' }),
    sendTurn(client, room.id, '@Ada same words', { idempotencyKey: 'tab-2' }),
  ]);
  expect(a.id).not.toBe(b.id);
  await waitForTurn(client, a.id);
  await waitForTurn(client, b.id);
});

test('too many waiting turns are 429 with Retry-After, and nothing of the refused one stays', async () => {
  const user = await product.createUser({ microCredits: 1_000_000_000n });
  const room = await createRoom(user.client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const running = await sendTurn(user.client, room.id, '@Ada 0');
  await waitUntilAsked(product, 'Ada');
  const waiting = [];
  for (const n of [1, 2, 3]) waiting.push(await sendTurn(user.client, room.id, `@Ada ${n}`));
  const refused = await user.client.post<Problem>(`/rooms/${room.id}/turns`, { message: '@Ada 4' });
  expect([refused.status, refused.body.code]).toEqual([429, 'too_many_turns']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const { rows } = await product.db.query('SELECT 1 FROM turns WHERE conversation_id = $1', [room.id]);
  expect(rows).toHaveLength(4);
  for (const { id } of [...waiting, running]) await user.client.post(`/turns/${id}/stop`);
  await waitForTurn(user.client, running.id);
});

test('a model that the plan doesn’t include is refused at the send, the fallback’s too, and only of those who speak', async () => {
  const user = await product.createUser({ plan: 'power', microCredits: 1_000_000_000n });
  const room = await createRoom(user.client, {
    agents: [
      { name: 'Ada', modelAlias: 'premium' },
      { name: 'Bo', modelAlias: 'llama', fallbackAlias: 'deepseek' },
      { name: 'Cy', modelAlias: 'llama' },
    ],
  });
  await product.db.query(`UPDATE subscriptions SET plan_id = 'starter' WHERE user_id = $1`, [user.id]);
  for (const name of ['Ada', 'Bo']) {
    const refused = await user.client.post<Problem>(`/rooms/${room.id}/turns`, { message: `@${name} hello` });
    expect([refused.status, refused.body.code]).toEqual([403, 'model_not_allowed']);
    expect(refused.body.detail).toContain(name);
  }
  expect((await runTurn(user.client, room.id, '@Cy hello')).status).toBe('completed');
  await user.client.put(`/rooms/${room.id}/mode`, { mode: 'roundtable' });
  expect((await user.client.post(`/rooms/${room.id}/turns`, { message: 'hello' })).status).toBe(403);
  expect((await user.client.get(`/rooms/${room.id}`)).body).toMatchObject({ currentMode: 'manual' });
});

test('what can’t be paid for isn’t begun: 402 says what is missing and where to get it', async () => {
  const user = await product.createUser({ microCredits: 1_000n });
  const room = await createRoom(user.client, { agents: ['Ada'] });
  const refused = await user.client.post<Problem>(`/rooms/${room.id}/turns`, { message: '@Ada hello' });
  expect([refused.status, refused.body.code]).toEqual([402, 'insufficient_credits']);
  expect(refused.body).toMatchObject({
    neededMicroCredits: expect.stringMatching(/^\d+$/) as unknown,
    availableMicroCredits: '1000',
    missingMicroCredits: expect.stringMatching(/^\d+$/) as unknown,
    topUpUrl: '/billing',
  });
  expect(BigInt(String(refused.body['missingMicroCredits']))).toBe(
    BigInt(String(refused.body['neededMicroCredits'])) - 1_000n,
  );
  expect(product.modelServer.log).toEqual([]);
  const { rows } = await product.db.query('SELECT 1 FROM turns WHERE user_id = $1', [user.id]);
  expect(rows).toEqual([]);
});

test('a send that is refused for its price changes nothing, also where the conversation has begun', async () => {
  const poor = await product.createUser({ microCredits: 1n });
  const elsewhere = await createRoom(poor.client, { agents: ['Ada'] });
  const asked = await poor.client.post<Problem>(`/rooms/${elsewhere.id}/turns`, { message: '@Ada hello' });
  const enoughForOne = BigInt(String(asked.body['neededMicroCredits']));
  const user = await product.createUser({ microCredits: enoughForOne });
  const room = await createRoom(user.client, { agents: ['Ada'] });
  await runTurn(user.client, room.id, '@Ada hello');
  await user.client.put(`/rooms/${room.id}/mode`, { mode: 'roundtable' });
  const before = await everythingOf(user.id);
  expect(before).toMatchObject({ rooms: [{ current_mode: 'manual', pending_mode: 'roundtable' }] });
  const send = () => user.client.post<Problem>(`/rooms/${room.id}/turns`, { message: 'and then?' });
  expect((await send()).body.code).toBe('insufficient_credits');
  expect(await everythingOf(user.id)).toEqual(before);
  await product.db.query('UPDATE users SET monthly_cap_micro_credits = 1 WHERE id = $1', [user.id]);
  expect((await send()).body.code).toBe('monthly_cap_reached');
  expect(await everythingOf(user.id)).toEqual(before);
});

/** All that a send writes to. */
async function everythingOf(userId: string): Promise<Record<string, unknown[]>> {
  const tables = {
    rooms: 'owner_id = $1',
    room_sessions: 'room_id IN (SELECT id FROM rooms WHERE owner_id = $1)',
    turns: 'user_id = $1',
    messages: 'turn_id IN (SELECT id FROM turns WHERE user_id = $1)',
    turn_steps: 'turn_id IN (SELECT id FROM turns WHERE user_id = $1)',
    turn_events: 'turn_id IN (SELECT id FROM turns WHERE user_id = $1)',
    credit_wallets: 'user_id = $1',
    credit_lots: 'user_id = $1',
    credit_holds: 'user_id = $1',
    credit_transactions: 'user_id = $1',
  };
  const found: Record<string, unknown[]> = {};
  for (const [table, mine] of Object.entries(tables)) {
    found[table] = (await product.db.query(`SELECT * FROM ${table} t WHERE ${mine} ORDER BY t::text`, [userId])).rows;
  }
  return found;
}

test('a suspended person reads and sends nothing', async () => {
  const user = await product.createUser();
  const room = await createRoom(user.client, { agents: ['Ada'] });
  const turn = await runTurn(user.client, room.id, '@Ada hello');
  await product.db.query('UPDATE users SET suspended_at = now() WHERE id = $1', [user.id]);
  const attempts = [
    await user.client.post<Problem>(`/rooms/${room.id}/turns`, { message: '@Ada again' }),
    await user.client.post<Problem>(`/turns/${turn.id}/stop`),
    await user.client.post<Problem>(`/turns/${turn.id}/steps/${turn.steps[0]?.id}/regenerate`),
    await user.client.put<Problem>(`/rooms/${room.id}/queue`, { turnIds: [] }),
  ];
  for (const refused of attempts) expect([refused.status, refused.body.code]).toEqual([403, 'suspended']);
  expect(await getTurn(user.client, turn.id)).toEqual(turn);
  expect((await user.client.get(`/rooms/${room.id}/messages`)).status).toBe(200);
  expect(await readEvents(user.client, turn.id)).toHaveLength(turn.lastSeq);
});

test('of another’s turn nothing can be seen or done, just as of one that never was', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada secret');
  const stepId = turn.steps[0]?.id ?? '';
  const { body } = await client.get<{ items: { id: string }[] }>(`/rooms/${room.id}/messages`);
  const messageId = body.items[0]?.id ?? '';
  const stranger = (await product.createUser()).client;
  const nobody = '01900000-0000-7000-8000-000000000000';
  const paths = (turnId: string, roomId: string, message: string): [method: string, path: string][] => [
    ['GET', `/turns/${turnId}`],
    ['GET', `/turns/${turnId}/events`],
    ['POST', `/turns/${turnId}/stop`],
    ['POST', `/turns/${turnId}/steps/${stepId}/skip`],
    ['POST', `/turns/${turnId}/steps/${stepId}/regenerate`],
    ['POST', `/rooms/${roomId}/turns`],
    ['GET', `/rooms/${roomId}/turns`],
    ['GET', `/rooms/${roomId}/messages`],
    ['GET', `/rooms/${roomId}/summary`],
    ['GET', `/rooms/${roomId}/queue`],
    ['PUT', `/rooms/${roomId}/queue`],
    ['DELETE', `/messages/${message}`],
    ['POST', `/messages/${message}/restore`],
  ];
  const foreign = await Promise.all(paths(turn.id, room.id, messageId).map(([method, path]) => ask(method, path)));
  const absent = await Promise.all(paths(nobody, nobody, nobody).map(([method, path]) => ask(method, path)));
  expect(foreign).toEqual(absent);
  expect(new Set(foreign.map(({ status }) => status))).toEqual(new Set([404]));
  expect(await getTurn(client, turn.id)).toEqual(turn);

  async function ask(method: string, path: string) {
    const response = await stranger.fetch(`/api/v1${path}`, { method });
    const { requestId: _, ...problem } = (await response.json()) as Record<string, unknown>;
    return { status: response.status, problem };
  }
});

test('another’s turn as parent is 404', async () => {
  const stranger = await product.createUser();
  const theirs = await createRoom(stranger.client, { agents: ['Ada'] });
  const turn = await runTurn(stranger.client, theirs.id, '@Ada theirs');
  const room = await createRoom(client, { agents: ['Ada'] });
  const refused = await client.post(`/rooms/${room.id}/turns`, { message: '@Ada', parentTurnId: turn.id });
  expect(refused.status).toBe(404);
});

test.each([
  [{}, 'message'],
  [{ message: '   ' }, 'message'],
  [{ message: 'x'.repeat(100_001) }, 'message'],
  [{ message: '@Ada', parentTurnId: 'nonsense' }, 'parentTurnId'],
  [{ message: '@Ada', fileIds: ['nonsense'] }, 'fileIds.0'],
])('a body that isn’t valid is 422 with the field’s name: %#', async (body, path) => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const refused = await client.post<Problem>(`/rooms/${room.id}/turns`, body);
  expect([refused.status, refused.body.code]).toEqual([422, 'invalid_input']);
  expect(refused.body.errors?.[0]?.path).toBe(path);
});

test('a program sends with its key what a browser sends with its cookie', async () => {
  const direct = await createDirectSession(client);
  const key = await client.post<{ key: string }>('/api-keys', { name: 'bot', scopes: ['read', 'write'] });
  const response = await fetch(`${product.url}/api/v1/direct-sessions/${direct.id}/turns`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key.body.key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ message: 'Hello from a program.' }),
  });
  expect(response.status).toBe(202);
  const { turn } = (await response.json()) as { turn: Turn };
  expect((await waitForTurn(client, turn.id)).status).toBe('completed');
  expect(await usageOf(product, turn.id)).toHaveLength(1);
});
