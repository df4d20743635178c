import { beforeEach, expect, test } from 'vitest';
import type { Agent } from '#server/agents/contract.ts';
import type { Room } from '#server/rooms/contract.ts';
import { startTestApp } from '../support/app.ts';
import { addAgents, createRoom, setMode } from '../support/rooms.ts';
import { getTurn, runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, askedAs, HANG, said, stepOf, usageOf, waitForStart, waitUntilAsked, type Problem } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser();

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

const names = (agents: { name: string }[]) => agents.map(({ name }) => name);

test('a new mode applies with the next send and not before (AT-001, FR-ROOM-004, FR-ROOM-005)', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  const switched = await setMode(client, room.id, 'roundtable');
  expect(switched).toMatchObject({ currentMode: 'manual', pendingMode: 'roundtable' });

  const turn = await runTurn(client, room.id, 'Hello, both of you.');
  expect(turn).toMatchObject({ mode: 'roundtable', status: 'completed' });
  expect(turn.steps.map(({ agentName }) => agentName)).toEqual(['Ada', 'Bo']);
  const { body } = await client.get<Room>(`/rooms/${room.id}`);
  expect(body).toMatchObject({ currentMode: 'roundtable', pendingMode: null });
});

test('a turn that runs keeps its mode and roster whatever is changed meanwhile (AT-001, AT-002, FR-ROOM-006, FR-AGENT-005)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  const [, bo] = room.agents as [Agent, Agent];
  product.modelServer.setRules([as('Ada', HANG, 1)]);
  const { id } = await sendTurn(client, room.id, 'Talk about rivers.');
  const stepId = await waitForStart(client, id, 'Ada');
  await waitUntilAsked(product, 'Ada');

  await setMode(client, room.id, 'manual');
  await client.patch(`/rooms/${room.id}/agents/${bo.id}`, { name: 'Zoe', rolePrompt: 'Be somebody else.' });
  await addAgents(client, room.id, ['Cy']);
  await client.post(`/turns/${id}/steps/${stepId}/skip`);

  const turn = await waitForTurn(client, id);
  expect(turn).toMatchObject({ mode: 'roundtable', status: 'completed' });
  expect(names(turn.roster)).toEqual(['Ada', 'Bo']);
  expect(turn.steps.map(({ agentName, status }) => `${agentName} ${status}`)).toEqual(['Ada skipped', 'Bo completed']);
  expect(askedAs(product, 'Bo')[0]?.system).toContain('You are Bo.');
  expect(askedAs(product, 'Cy')).toEqual([]);
  expect((await client.get<Room>(`/rooms/${room.id}`)).body).toMatchObject({
    currentMode: 'roundtable',
    pendingMode: 'manual',
  });

  const next = await runTurn(client, room.id, '@Zoe and @Cy, rivers.');
  expect(next.mode).toBe('manual');
  expect(names(next.roster)).toEqual(['Ada', 'Zoe', 'Cy']);
  expect(askedAs(product, 'Zoe')[0]?.system).toContain('Be somebody else.');
});

test('a refused send switches nothing: mode, history and usage stay as they were (AT-001, AT-003)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada'] });
  await runTurn(client, room.id, 'First.');
  await setMode(client, room.id, 'manual');
  const before = await client.get<Room>(`/rooms/${room.id}`);
  const wallet = await walletRows();

  const refused = await client.post<Problem>(`/rooms/${room.id}/turns`, { message: 'Nobody is tagged here.' });
  expect(refused.status).toBe(422);
  expect(refused.body.code).toBe('no_valid_tags');
  expect((await client.get<Room>(`/rooms/${room.id}`)).body).toEqual(before.body);
  expect(await walletRows()).toEqual(wallet);
  expect((await client.get<{ items: unknown[] }>(`/rooms/${room.id}/turns`)).body.items).toHaveLength(1);
  expect((await client.get<{ items: unknown[] }>(`/rooms/${room.id}/messages`)).body.items).toHaveLength(2);
});

test('an agent that is added, removed, switched off, changed or moved counts from the next send on (AT-002, FR-AGENT-004)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', 'Cy'] });
  const [ada, bo, cy] = room.agents as [Agent, Agent, Agent];
  const first = await runTurn(client, room.id, 'One.');
  expect(names(first.roster)).toEqual(['Ada', 'Bo', 'Cy']);

  await client.delete(`/rooms/${room.id}/agents/${bo.id}`);
  await client.patch(`/rooms/${room.id}/agents/${ada.id}`, { modelAlias: 'qwen', rolePrompt: 'Answer in rhyme.' });
  const [dee] = await addAgents(client, room.id, ['Dee']);
  await client.put(`/rooms/${room.id}/agents/order`, { agentIds: [dee?.id, cy.id, ada.id] });
  const second = await runTurn(client, room.id, 'Two.');
  expect(second.steps.map(({ agentName }) => agentName)).toEqual(['Dee', 'Cy', 'Ada']);
  expect(stepOf(second, 'Ada').modelAlias).toBe('qwen');
  expect(askedAs(product, 'Ada').at(-1)?.system).toContain('Answer in rhyme.');

  await client.patch(`/rooms/${room.id}/agents/${cy.id}`, { active: false });
  const third = await runTurn(client, room.id, 'Three.');
  expect(third.steps.map(({ agentName }) => agentName)).toEqual(['Dee', 'Ada']);

  const kept = await getTurn(client, first.id);
  expect(kept.roster).toEqual(first.roster);
  expect(kept.steps).toEqual(first.steps);
});

test('a turn that waits keeps the roster it was accepted with (AT-002, FR-AGENT-004)', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', HANG, 1)]);
  const running = await sendTurn(client, room.id, '@Ada wait.');
  await waitUntilAsked(product, 'Ada');
  const waiting = await sendTurn(client, room.id, '@Bo later.');
  expect(waiting.status).toBe('queued');
  await client.delete(`/rooms/${room.id}/agents/${room.agents[1]?.id}`);
  await client.post(`/turns/${running.id}/stop`);
  const turn = await waitForTurn(client, waiting.id);
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 0 });
  expect(stepOf(turn, 'Bo').status).toBe('completed');
});

test('with no valid tag the send is refused, names what was not found and who could be meant (AT-003, FR-MODE-001)', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo Lin'] });
  const wrong = await client.post<Problem>(`/rooms/${room.id}/turns`, { message: '@Adda and @bo@example.com, hello' });
  expect(wrong.status).toBe(422);
  expect(wrong.headers.get('content-type')).toContain('application/problem+json');
  expect(wrong.body).toMatchObject({ code: 'no_valid_tags', candidates: expect.arrayContaining(['Ada']) as unknown });
  expect(wrong.body['unknownTags']).toContain('Adda');
  expect(wrong.body.detail).toContain('@Ada');
  expect(wrong.body.errors).toEqual([expect.objectContaining({ path: 'message' })]);

  const none = await client.post<Problem>(`/rooms/${room.id}/turns`, { message: 'Mail me at ada@example.com' });
  expect(none.body).toMatchObject({ code: 'no_valid_tags', unknownTags: [], candidates: ['Ada', 'Bo Lin'] });
  expect((await client.get<{ items: unknown[] }>(`/rooms/${room.id}/turns`)).body.items).toEqual([]);
  expect(product.modelServer.log).toEqual([]);
  const { rows } = await product.db.query('SELECT 1 FROM llm_call_events WHERE room_id = $1', [room.id]);
  expect(rows).toEqual([]);
});

test('an unknown tag beside a valid one is a warning on the turn (AT-003)', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, '@Ada and @Nobody: hello');
  expect(turn.status).toBe('completed');
  expect(turn.warnings).toMatchObject([{ code: 'unknown_tag', message: 'Nobody here is called @Nobody.' }]);
  expect(turn.steps.map(({ agentName }) => agentName)).toEqual(['Ada']);
});

test.each([
  ['@ada only', ['Ada']],
  ['@"bo lin" quoted', ['Bo Lin']],
  ['(@Bo Lin) unquoted, in a bracket', ['Bo Lin']],
  ['@all of you', ['Ada', 'Bo Lin', 'Cy']],
  ['@Cy first, @others afterwards', ['Cy', 'Ada', 'Bo Lin']],
])('in manual mode “%s” runs exactly who is tagged (FR-MODE-001)', async (message, expected) => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo Lin', 'Cy'] });
  const turn = await runTurn(client, room.id, message);
  expect(turn.steps.map(({ agentName }) => agentName).sort()).toEqual([...expected].sort());
  expect(product.modelServer.log).toHaveLength(expected.length);
  expect(await usageOf(product, turn.id)).toHaveLength(expected.length);
});

test('tagged agents work at the same time and don’t hear each other (FR-MODE-001)', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', HANG, 1), as('Bo', { text: 'Bo has spoken.' })]);
  const { id } = await sendTurn(client, room.id, '@all go');
  await waitUntilAsked(product, 'Ada');
  await waitUntilAsked(product, 'Bo');
  const adaStep = stepOf(await getTurn(client, id), 'Ada');
  await client.post(`/turns/${id}/steps/${adaStep.id}/skip`);
  const turn = await waitForTurn(client, id);
  expect(stepOf(turn, 'Bo').status).toBe('completed');
  expect(said(askedAs(product, 'Ada')[0])).toEqual(['@all go']);
  expect(said(askedAs(product, 'Bo')[0])).toEqual(['@all go']);
});

test('in the other modes a tag is plain text, and everybody active speaks (FR-MODE-002)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, '@Bo alone, please');
  expect(turn.steps.map(({ agentName }) => agentName)).toEqual(['Ada', 'Bo']);
  expect(turn.warnings).toEqual([]);
});

test('a room with nobody active refuses a message in every mode', async () => {
  const room = await createRoom(client, { agents: [{ name: 'Ada', active: false }] });
  for (const mode of ['manual', 'roundtable', 'orchestrator'] as const) {
    await setMode(client, room.id, mode);
    const refused = await client.post<Problem>(`/rooms/${room.id}/turns`, { message: '@Ada hello' });
    expect([refused.status, refused.body.code]).toEqual([422, 'no_active_agents']);
  }
  expect((await client.get<Room>(`/rooms/${room.id}`)).body.currentMode).toBe('manual');
});

async function walletRows(): Promise<unknown> {
  const { rows } = await product.db.query('SELECT * FROM credit_transactions ORDER BY id');
  return rows;
}
