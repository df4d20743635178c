import { beforeEach, expect, test } from 'vitest';
import { verifyLedger } from '#server/billing/verify-ledger.ts';
import type { Quote } from '#server/billing/contract.ts';
import type { Turn } from '#server/turns/contract.ts';
import type { WhatIf } from '#server/what-ifs/contract.ts';
import type { Xray } from '#server/xray/contract.ts';
import { runPurges } from '#server/retention/run-purges.ts';
import { startTestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/dump.ts';
import { addAgents, createDirectSession, createRoom, type TestRoom } from '../support/rooms.ts';
import { runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, askedAs, HANG, said, usageOf, waitForStart, type Problem } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser({ microCredits: 10_000_000_000n });

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

const post = (turn: Pick<Turn, 'id'>, wanted: WhatIf, headers?: Record<string, string>) =>
  client.post<{ turn: Turn }>(`/turns/${turn.id}/what-ifs`, wanted, headers);
const listOf = async ({ id }: Pick<Turn, 'id'>) =>
  (await client.get<{ items: Turn[] }>(`/turns/${id}/what-ifs`)).body.items;
const agentOf = (room: TestRoom, name: string) => room.agents.find((agent) => agent.name === name)?.id ?? '';

async function tried(turn: Pick<Turn, 'id'>, wanted: WhatIf): Promise<Turn> {
  const { status, body } = await post(turn, wanted);
  expect(status, JSON.stringify(body)).toBe(202);
  return waitForTurn(client, body.turn.id);
}

/** All that a person sees of a room but for the number of its what-ifs, as text. */
async function seen(room: TestRoom): Promise<string> {
  const answers = await Promise.all(
    [`/rooms/${room.id}`, `/rooms/${room.id}/messages?limit=100`, '/rooms', `/rooms/${room.id}/queue`].map((path) =>
      client.fetch(`/api/v1${path}`).then((response) => response.text()),
    ),
  );
  const { items } = (await client.get<{ items: Turn[] }>(`/rooms/${room.id}/turns`)).body;
  return JSON.stringify([...answers, items.map(({ whatIfs: _, ...turn }) => turn)]);
}

test('a past turn is tried with another mode, roster and model; its own answers stay as they are, byte by byte', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  const before = await runTurn(client, room.id, 'A first thing.');
  const turn = await runTurn(client, room.id, 'And now @Bo?');
  const later = await createRoom(client, { name: 'A newer room', agents: ['Dee'] });
  const original = await seen(room);
  product.modelServer.clearLog();

  const whatIf = await tried(turn, {
    mode: 'orchestrator',
    agentIds: [agentOf(room, 'Bo'), agentOf(room, 'Cy')],
    models: { [agentOf(room, 'Bo')]: 'qwen' },
  });
  expect(whatIf).toMatchObject({ status: 'completed', mode: 'orchestrator', whatIfOf: turn.id, message: turn.message });
  expect(whatIf.parentTurnId).toBe(before.id);
  expect(whatIf.roster.map(({ name, modelAlias }) => [name, modelAlias])).toEqual([
    ['Bo', 'qwen'],
    ['Cy', 'llama'],
  ]);
  expect(said(askedAs(product, 'Bo')[0]).join('\n')).toContain('A first thing.');
  expect(said(askedAs(product, 'Bo')[0]).join('\n')).not.toContain(turn.steps[0]?.content);

  const manual = await tried(turn, { mode: 'manual' });
  expect(manual.steps.map(({ agentName }) => agentName)).toEqual(['Bo']);
  expect(await seen(room), 'mode, order, messages, turns and queue are as before').toBe(original);
  expect(later.id).toBeTruthy();
  expect((await listOf(turn)).map(({ id }) => id)).toEqual([whatIf.id, manual.id]);
  const { items } = (await client.get<{ items: Turn[] }>(`/rooms/${room.id}/turns`)).body;
  expect(items.map(({ whatIfs }) => whatIfs)).toEqual([undefined, 2]);
});

test('a what-if costs what its calls cost, within what was said before, and has a receipt and an X-ray', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, 'How far is it?');
  const wanted = { agentIds: [agentOf(room, 'Ada')] };
  const { body: quote } = await client.post<Quote>(`/turns/${turn.id}/what-ifs/quote`, wanted);
  expect(quote.agents.map(({ agentName }) => agentName)).toEqual(['Ada']);
  const whatIf = await tried(turn, wanted);
  const charged = (await usageOf(product, whatIf.id)).reduce((sum, row) => sum + row.credits_burned, 0n);
  expect(whatIf.chargedMicroCredits).toBe(charged.toString());
  expect(charged).toBeGreaterThan(0n);
  expect(charged).toBeLessThanOrEqual(BigInt(quote.maxMicroCredits));
  const [step] = whatIf.steps;
  const { body: xray } = await client.get<Xray>(`/turns/${whatIf.id}/steps/${step?.id ?? ''}/xray`);
  expect(xray.requests.map(({ exact }) => exact)).toEqual([true]);
  expect((await verifyLedger(product.app)).drifts).toEqual([]);
});

test('nothing later hears of a what-if: no memory, no branch, no search, no mark, no pin, no link to read', async () => {
  const room = await createRoom(client, { agents: [{ name: 'Ada', memoryPolicy: 'full' }] });
  product.modelServer.setRules([as('Ada', { text: 'The plain one.' }, 1), as('Ada', { text: 'Xylophone!' }, 1)]);
  const turn = await runTurn(client, room.id, '@Ada play');
  await client.put(`/rooms/${room.id}/read`, {});
  const whatIf = await tried(turn, {});
  expect(whatIf.steps[0]?.content).toBe('Xylophone!');
  const marks = (await (await client.fetch('/activity')).json()) as { busy: string[]; unread: string[] };
  expect([...marks.busy, ...marks.unread]).not.toContain(room.id);
  const { rows } = await product.db.query(
    'SELECT 1 FROM turns WHERE what_if_of IS NOT NULL AND branch_id IN (SELECT id FROM room_sessions)',
  );
  expect(rows).toEqual([]);
  expect((await client.get<{ items: unknown[] }>('/search?q=Xylophone')).body.items).toEqual([]);
  const stepId = whatIf.steps[0]?.id ?? '';
  await client.put(`/messages/${stepId}/pin`);
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const refusals = [
    await client.put<Problem>(`/rooms/${room.id}/branch`, { turnId: whatIf.id }),
    await client.post<Problem>(`/rooms/${room.id}/turns`, { message: '@Ada go on', parentTurnId: whatIf.id }),
    await client.post<Problem>(`/turns/${whatIf.id}/steps/${stepId}/regenerate`),
    await client.post<Problem>(`/turns/${whatIf.id}/shares`, { expiresAt }),
    await post(whatIf, {}),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([404, 404, 409, 409, 409]);
  product.modelServer.clearLog();
  await runTurn(client, room.id, '@Ada encore');
  expect(said(askedAs(product, 'Ada')[0])).toEqual(['@Ada play', 'The plain one.', '@Ada encore']);
  const page = await (await client.fetch(`/rooms/${room.id}`)).text();
  expect(page).not.toContain('Xylophone!');
});

test('a what-if is sent once per key, refused like a send, stopped like a turn, and deleted for good', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, 'No tags here.');
  const key = { 'Idempotency-Key': 'try-1' };
  product.modelServer.setRules([as('Ada', HANG)]);
  const [first, again] = [await post(turn, {}, key), await post(turn, {}, key)];
  expect(again.body.turn.id).toBe(first.body.turn.id);
  expect((await post(turn, { mode: 'orchestrator' }, key)).status).toBe(409);
  const path = `/turns/${turn.id}/what-ifs/${first.body.turn.id}`;
  await waitForStart(client, first.body.turn.id, 'Ada');
  expect((await client.delete(path)).status).toBe(409);
  await client.post(`/turns/${first.body.turn.id}/stop`);
  expect(await waitForTurn(client, first.body.turn.id)).toMatchObject({
    status: 'cancelled',
    reservedMicroCredits: '0',
  });

  const codes = [
    await client.post<Problem>(`/turns/${turn.id}/what-ifs`, { mode: 'manual' }),
    await client.post<Problem>(`/turns/${turn.id}/what-ifs`, { models: { [agentOf(room, 'Bo')]: 'gpt' } }),
    await client.post<Problem>(`/turns/${turn.id}/what-ifs`, { agentIds: [turn.id] }),
    await client.post<Problem>(`/turns/${turn.id}/what-ifs/quote`, { agentIds: [] }),
  ].map(({ status, body }) => [status, body.code]);
  expect(codes[0]).toEqual([422, 'no_valid_tags']);
  expect(codes.slice(1).map(([status]) => status)).toEqual([422, 422, 422]);
  const stranger = await product.createUser();
  expect((await stranger.client.get(`/turns/${turn.id}/what-ifs`)).status).toBe(404);
  expect((await stranger.client.post(`/turns/${turn.id}/what-ifs`, {})).status).toBe(404);
  expect((await stranger.client.delete(path)).status).toBe(404);

  expect((await client.delete(path)).status).toBe(204);
  expect(await listOf(turn)).toEqual([]);
  expect((await client.get(`/turns/${first.body.turn.id}`)).status).toBe(404);
  expect((await client.delete(path)).status).toBe(404);
  expect((await verifyLedger(product.app)).drifts).toEqual([]);
});

test('an agent that was muted or is new may take part; one that was taken out may not', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, 'Who is there?');
  const [eve] = await addAgents(client, room.id, ['Eve']);
  await client.patch(`/rooms/${room.id}/agents/${agentOf(room, 'Ada')}`, { active: false, rolePrompt: 'Be another.' });
  await client.delete(`/rooms/${room.id}/agents/${agentOf(room, 'Bo')}`);
  product.modelServer.clearLog();
  const whatIf = await tried(turn, { agentIds: [agentOf(room, 'Ada'), eve?.id ?? ''] });
  expect(whatIf.steps.map(({ agentName, status }) => [agentName, status])).toEqual([
    ['Ada', 'completed'],
    ['Eve', 'completed'],
  ]);
  expect(askedAs(product, 'Ada')[0]?.system, 'as the turn had it').toContain('You are Ada.');
  expect((await post(turn, { agentIds: [agentOf(room, 'Bo')] })).status).toBe(422);
});

test('in a direct chat the model is what can be varied', async () => {
  const chat = await createDirectSession(client, 'Dee');
  const turn = await runTurn(client, { directSessionId: chat.id }, 'Hello?');
  const whatIf = await tried(turn, { models: { [chat.id]: 'qwen' } });
  expect(whatIf).toMatchObject({ mode: 'direct', directSessionId: chat.id, steps: [{ modelAlias: 'qwen' }] });
  expect((await post(turn, { mode: 'roundtable' })).status).toBe(422);
});

test('what-ifs go with what is deleted and purged: a message’s copy with the message, all with the turn; and are exported', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada SECRETONE');
  product.modelServer.setRules([as('Ada', { text: 'SECRETTWO' })]);
  const whatIf = await tried(turn, {});
  const zip = Buffer.from(await (await client.fetch('/api/v1/export')).arrayBuffer()).toString('latin1');
  expect(zip).toContain('what-ifs.json');
  expect((await client.delete(`/messages/${turn.id}`)).status).toBe(204);
  expect((await listOf(turn))[0]?.message).toBe('');
  expect((await post(turn, {})).status).toBe(409);
  await client.delete(`/rooms/${room.id}`);
  expect((await client.get(`/turns/${whatIf.id}`)).status).toBe(404);
  await product.db.query(`UPDATE rooms SET deleted_at = now() - interval '8 days' WHERE id = $1`, [room.id]);
  await runPurges(product.app, new AbortController().signal);
  const left = await dumpDatabase(product.db);
  expect(left).not.toContain('SECRETONE');
  expect(left).not.toContain('SECRETTWO');
});

test('a message that is sent while a what-if runs waits for it and is answered after it', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada one');
  product.modelServer.setRules([as('Ada', { tokens: 30, tokenDelayMs: 20 }, 1)]);
  const whatIf = (await post(turn, {})).body.turn;
  const next = await sendTurn(client, room.id, '@Ada two');
  expect(next.parentTurnId).toBe(turn.id);
  expect((await waitForTurn(client, next.id)).status).toBe('completed');
  expect((await waitForTurn(client, whatIf.id)).status).toBe('completed');
});
