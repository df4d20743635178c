import { beforeEach, expect, test } from 'vitest';
import type { Message, Turn } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { getTurn, readEvents, runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import {
  as,
  askedAs,
  asManager,
  HANG,
  said,
  stepOf,
  textsOf,
  usageOf,
  waitForEvent,
  waitForStart,
  waitUntilAsked,
  type Problem,
} from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser({ microCredits: 1_000_000_000n });

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

const messagesOf = async (roomId: string, branch?: string) => {
  const query = branch === undefined ? '' : `?branch=${branch}`;
  const { body } = await client.get<{ items: Message[] }>(`/rooms/${roomId}/messages${query}`);
  return body.items.map(({ content }) => content);
};
const branchOf = async (turnId: string) => {
  const { rows } = await product.db.query<{ branch_id: string }>('SELECT branch_id FROM turns WHERE id = $1', [turnId]);
  return rows[0]?.branch_id ?? '';
};
const regenerate = async (turn: Turn, agent: string) => {
  const step = stepOf(turn, agent);
  const again = await client.post<{ turn: Turn }>(`/turns/${turn.id}/steps/${step.id}/regenerate`);
  expect(again.status).toBe(202);
  return waitForTurn(client, again.body.turn.id);
};

test('stop ends a running turn within two seconds, keeps what was said and meters it as cancelled', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', { text: 'One two three four five', ...HANG })]);
  const { id } = await sendTurn(client, room.id, 'Count.');
  await waitForEvent(client, id, ({ type }) => type === 'step_delta');
  const stopped = await client.post<Turn>(`/turns/${id}/stop`);
  expect(stopped.status).toBe(202);
  const turn = await waitForTurn(client, id, { timeoutMs: 2_000 });
  expect(turn).toMatchObject({ status: 'cancelled', reservedMicroCredits: '0' });
  expect(turn.steps.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
  expect('One two three'.startsWith(stepOf(turn, 'Ada').content)).toBe(true);
  expect(await messagesOf(room.id)).toEqual(['Count.', stepOf(turn, 'Ada').content]);

  await product.modelServer.settled();
  expect(product.modelServer.log.map(({ status }) => status)).toEqual(['aborted']);
  const rows = await usageOf(product, id);
  expect(rows.map(({ status }) => status)).toEqual(['cancelled']);
  expect(rows[0]?.credits_burned.toString()).toBe(turn.chargedMicroCredits);
  expect((await readEvents(client, id)).at(-1)?.type).toBe('turn_cancelled');
});

test('a model that doesn’t even answer is stopped as fast', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { hang: 'headers' })]);
  const { id } = await sendTurn(client, room.id, '@Ada go');
  await waitUntilAsked(product, 'Ada');
  await client.post(`/turns/${id}/stop`);
  expect((await waitForTurn(client, id, { timeoutMs: 2_000 })).status).toBe('cancelled');
  expect(await usageOf(product, id)).toHaveLength(1);
});

test('stopping twice, or what has ended, changes nothing', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada go');
  expect((await client.post(`/turns/${turn.id}/stop`)).status).toBe(202);
  expect(await getTurn(client, turn.id)).toEqual(turn);
});

test('the running agent is skipped, the next one goes on, the call is metered as cancelled', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const { id } = await sendTurn(client, room.id, 'Go.');
  const stepId = await waitForStart(client, id, 'Ada');
  await waitUntilAsked(product, 'Ada');
  expect((await client.post(`/turns/${id}/steps/${stepId}/skip`)).status).toBe(202);
  const turn = await waitForTurn(client, id);
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 0 });
  expect(turn.steps.map(({ status }) => status)).toEqual(['skipped', 'completed']);
  expect((await usageOf(product, id)).map(({ status }) => status)).toEqual(['cancelled', 'ok']);
});

test('an agent that waits is skipped before it starts, at no cost', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  product.modelServer.setRules([as('Ada', HANG, 1)]);
  const { id, steps } = await sendTurn(client, room.id, 'Go.');
  await waitUntilAsked(product, 'Ada');
  expect((await client.post(`/turns/${id}/steps/${steps[1]?.id}/skip`)).status).toBe(202);
  expect((await client.post(`/turns/${id}/steps/${steps[0]?.id}/skip`)).status).toBe(202);
  const turn = await waitForTurn(client, id);
  expect(turn.steps.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'completed']);
  expect(askedAs(product, 'Bo')).toEqual([]);
  expect(turn.steps[1]?.usage.totalTokens).toBe(0);
});

test('when everybody was skipped the turn ends, with nothing said', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { hang: 'first_token' })]);
  const { id, steps } = await sendTurn(client, room.id, '@Ada go');
  await waitUntilAsked(product, 'Ada');
  await client.post(`/turns/${id}/steps/${steps[0]?.id}/skip`);
  expect(await waitForTurn(client, id)).toMatchObject({ status: 'completed', failedSteps: 0 });
  expect(await messagesOf(room.id)).toEqual(['@Ada go']);
});

test('skipping a step of another turn, or none, is 404', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const one = await runTurn(client, room.id, '@Ada one');
  const two = await runTurn(client, room.id, '@Ada two');
  const crossed = await client.post<Problem>(`/turns/${one.id}/steps/${two.steps[0]?.id}/skip`);
  expect([crossed.status, crossed.body.code]).toEqual([404, 'not_found']);
  expect((await client.post(`/turns/${one.id}/steps/nonsense/skip`)).status).toBe(404);
  expect((await client.post(`/turns/${one.id}/steps/${two.steps[0]?.id}/regenerate`)).status).toBe(404);
});

test('in manual mode one reply is made anew; the others are taken over, with no call and at no cost', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', { text: 'First try.' }, 1), as('Ada', { text: 'Second try.' })]);
  const before = await runTurn(client, room.id, '@all go');
  product.modelServer.clearLog();
  const after = await regenerate(before, 'Ada');
  expect(product.modelServer.log.map(({ system }) => system.includes('You are Ada,'))).toEqual([true]);
  expect(stepOf(after, 'Ada')).toMatchObject({ content: 'Second try.', reusedFromStepId: null });
  expect(stepOf(after, 'Bo')).toMatchObject({
    content: stepOf(before, 'Bo').content,
    reusedFromStepId: stepOf(before, 'Bo').id,
    usage: { totalTokens: 0, chargedMicroCredits: '0' },
  });
  expect(await usageOf(product, after.id)).toHaveLength(1);
  expect(after.chargedMicroCredits).toBe(stepOf(after, 'Ada').usage.chargedMicroCredits);

  expect(await messagesOf(room.id)).toEqual(['@all go', 'Second try.', stepOf(before, 'Bo').content]);
  expect(await messagesOf(room.id, await branchOf(before.id))).toEqual([
    '@all go',
    'First try.',
    stepOf(before, 'Bo').content,
  ]);
  const texts = textsOf(await readEvents(client, after.id));
  for (const step of after.steps) expect(texts.get(step.id)).toBe(step.content);
});

test('in a roundtable those who spoke after it speak anew, having read the new reply', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  product.modelServer.setRules([as('Bo', { text: 'Old Bo.' }, 1), as('Bo', { text: 'New Bo.' })]);
  const before = await runTurn(client, room.id, 'Go.');
  product.modelServer.clearLog();
  const after = await regenerate(before, 'Bo');
  expect(askedAs(product, 'Ada')).toEqual([]);
  expect(said(askedAs(product, 'Bo')[0])[0]).toContain(stepOf(before, 'Ada').content);
  expect(said(askedAs(product, 'Cy')[0])[0]).toContain('New Bo.');
  expect(said(askedAs(product, 'Cy')[0])[0]).not.toContain('Old Bo.');
  expect(after.steps.map(({ reusedFromStepId }) => reusedFromStepId !== null)).toEqual([true, false, false]);
  expect(await usageOf(product, after.id)).toHaveLength(2);
});

test('in an orchestration the plan stays; later groups and the synthesis are made anew', async () => {
  const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada', 'Bo', 'Cy'] });
  const assign = (agent: string, group: number) => ({ agent, instruction: `Part of ${agent}.`, group });
  product.modelServer.setRules([
    asManager('plan', {
      json: { rationale: 'So.', assignments: [assign('Ada', 1), assign('Bo', 1), assign('Cy', 2)] },
    }),
  ]);
  const before = await runTurn(client, room.id, 'Go.');
  expect(before.steps).toHaveLength(5);
  product.modelServer.clearLog();
  const after = await regenerate(before, 'Ada');
  expect(after.steps.map(({ reusedFromStepId }) => reusedFromStepId !== null)).toEqual([
    true,
    false,
    true,
    false,
    false,
  ]);
  expect(product.modelServer.log).toHaveLength(3);
  expect(stepOf(after, 'Ada').instruction).toBe('Part of Ada.');
  expect((await readEvents(client, after.id)).filter(({ type }) => type === 'route_decided')).toHaveLength(1);

  product.modelServer.clearLog();
  const replanned = await client.post<{ turn: Turn }>(`/turns/${before.id}/steps/${before.steps[0]?.id}/regenerate`);
  const fresh = await waitForTurn(client, replanned.body.turn.id);
  expect(fresh.steps.every(({ reusedFromStepId }) => reusedFromStepId === null)).toBe(true);
  expect(product.modelServer.log).toHaveLength(5);

  product.modelServer.clearLog();
  const summedUp = await client.post<{ turn: Turn }>(`/turns/${before.id}/steps/${before.steps[4]?.id}/regenerate`);
  await waitForTurn(client, summedUp.body.turn.id);
  expect(product.modelServer.log).toHaveLength(1);
});

test('a reply is made anew as its turn was: with its mode and roster, and without switching the room’s mode', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  const before = await runTurn(client, room.id, '@Ada go');
  await client.patch(`/rooms/${room.id}/agents/${room.agents[0]?.id}`, { rolePrompt: 'Somebody else.' });
  await client.put(`/rooms/${room.id}/mode`, { mode: 'roundtable' });
  product.modelServer.clearLog();
  const after = await regenerate(before, 'Ada');
  expect(after.mode).toBe('manual');
  expect(askedAs(product, 'Ada')[0]?.system).toContain('You are Ada.');
  expect((await client.get(`/rooms/${room.id}`)).body).toMatchObject({
    currentMode: 'manual',
    pendingMode: 'roundtable',
  });
});

test('while a turn runs none of its replies can be made anew', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const { id, steps } = await sendTurn(client, room.id, '@Ada go');
  const refused = await client.post<Problem>(`/turns/${id}/steps/${steps[0]?.id}/regenerate`);
  expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
  await client.post(`/turns/${id}/stop`);
});

test('a reply to a message that was deleted since can’t be made anew', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada go');
  const { body } = await client.get<{ items: Message[] }>(`/rooms/${room.id}/messages`);
  await client.delete(`/messages/${body.items[0]?.id}`);
  const refused = await client.post<Problem>(`/turns/${turn.id}/steps/${turn.steps[0]?.id}/regenerate`);
  expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
});

test('an edited message goes on a branch of its own beside the old one, from the same past', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const first = await runTurn(client, room.id, '@Ada one');
  const second = await runTurn(client, room.id, '@Ada two');
  product.modelServer.clearLog();
  const edited = await runTurn(client, room.id, '@Ada two, but better', { parentTurnId: first.id });
  expect(edited.parentTurnId).toBe(first.id);
  expect(said(askedAs(product, 'Ada')[0])).toEqual(['@Ada one', first.steps[0]?.content, '@Ada two, but better']);
  const shown = await messagesOf(room.id);
  expect(shown).toEqual(['@Ada one', first.steps[0]?.content, '@Ada two, but better', edited.steps[0]?.content]);
  expect(await messagesOf(room.id, await branchOf(second.id))).toContain('@Ada two');

  const anew = await runTurn(client, room.id, '@Ada from the start', { parentTurnId: null });
  expect(anew.parentTurnId).toBeNull();
  expect(said(askedAs(product, 'Ada').at(-1))).toEqual(['@Ada from the start']);
  expect(await messagesOf(room.id)).toEqual(['@Ada from the start', anew.steps[0]?.content]);

  const next = await runTurn(client, room.id, '@Ada and on');
  expect(next.parentTurnId).toBe(anew.id);
});

test('a parent in another room, or nowhere, is 404 and nothing is sent', async () => {
  const [room, other] = [await createRoom(client, { agents: ['Ada'] }), await createRoom(client, { agents: ['Ada'] })];
  const elsewhere = await runTurn(client, other.id, '@Ada there');
  for (const parentTurnId of [elsewhere.id, '01900000-0000-7000-8000-000000000000']) {
    const refused = await client.post<Problem>(`/rooms/${room.id}/turns`, { message: '@Ada here', parentTurnId });
    expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
  }
  expect(await messagesOf(room.id)).toEqual([]);
});

test('messages that are sent while a turn runs wait their turn, can be put into another order, and be taken out', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG, 1)]);
  const running = await sendTurn(client, room.id, '@Ada zero');
  await waitUntilAsked(product, 'Ada');
  const [a, b, c] = [
    await sendTurn(client, room.id, '@Ada a'),
    await sendTurn(client, room.id, '@Ada b'),
    await sendTurn(client, room.id, '@Ada c'),
  ];
  expect([a, b, c].map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
  const queue = await client.get<{ items: Turn[] }>(`/rooms/${room.id}/queue`);
  expect(queue.body.items.map(({ id }) => id)).toEqual([a.id, b.id, c.id]);

  const incomplete = await client.put<Problem>(`/rooms/${room.id}/queue`, { turnIds: [a.id] });
  expect([incomplete.status, incomplete.body.code]).toEqual([409, 'conflict']);
  const withRunning = await client.put(`/rooms/${room.id}/queue`, { turnIds: [running.id, a.id, b.id, c.id] });
  expect(withRunning.status).toBe(409);
  const ordered = await client.put<{ items: Turn[] }>(`/rooms/${room.id}/queue`, { turnIds: [c.id, a.id, b.id] });
  expect(ordered.body.items.map(({ id }) => id)).toEqual([c.id, a.id, b.id]);

  expect((await client.post(`/turns/${a.id}/stop`)).status).toBe(202);
  expect(await getTurn(client, a.id)).toMatchObject({ status: 'cancelled', reservedMicroCredits: '0', lastSeq: 2 });
  await client.post(`/turns/${running.id}/stop`);
  const [lastOne, firstOne] = [await waitForTurn(client, b.id), await waitForTurn(client, c.id)];
  expect(Date.parse(firstOne.startedAt ?? '')).toBeLessThanOrEqual(Date.parse(lastOne.startedAt ?? ''));
  expect(askedAs(product, 'Ada').map((entry) => said(entry).at(-1))).toEqual(['@Ada zero', '@Ada c', '@Ada b']);
  const shown = await messagesOf(room.id);
  expect(shown.filter((content) => content.startsWith('@Ada'))).toEqual(['@Ada zero', '@Ada c', '@Ada b']);
  expect(await usageOf(product, a.id)).toEqual([]);
  expect((await readEvents(client, a.id)).map(({ type }) => type)).toEqual(['turn_queued', 'turn_cancelled']);
});

test('a message that waited remembers what was answered meanwhile', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { text: 'The code is 7.', tokenDelayMs: 15 }, 1)]);
  await sendTurn(client, room.id, '@Ada what is the code?');
  const waiting = await sendTurn(client, room.id, '@Ada again?');
  await waitForTurn(client, waiting.id);
  expect(said(askedAs(product, 'Ada')[1])).toEqual(['@Ada what is the code?', 'The code is 7.', '@Ada again?']);
});

test('deleting a room stops what runs and what waits in it', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const running = await sendTurn(client, room.id, '@Ada run');
  const waiting = await sendTurn(client, room.id, '@Ada wait');
  await waitUntilAsked(product, 'Ada');
  expect((await client.delete(`/rooms/${room.id}`)).status).toBe(204);
  expect((await client.get(`/turns/${running.id}`)).status).toBe(404);
  expect((await client.post(`/rooms/${room.id}/restore`)).status).toBe(200);
  expect((await waitForTurn(client, running.id, { timeoutMs: 2_000 })).status).toBe('cancelled');
  expect((await waitForTurn(client, waiting.id)).status).toBe('cancelled');
  await product.modelServer.settled();
  expect(product.modelServer.log.map(({ status }) => status)).toEqual(['aborted']);
});
