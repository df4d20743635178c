import { beforeEach, expect, test } from 'vitest';
import type { Room } from '#server/rooms/contract.ts';
import type { Message, Turn } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom, type TestRoom } from '../support/rooms.ts';
import { runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, askedAs, asManager, HANG, said, waitForStart, type Problem } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser({ microCredits: 10_000_000_000n });

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

const speakUp = (room: TestRoom, name: string) =>
  client.post<{ turn: Turn } & Problem>(
    `/rooms/${room.id}/agents/${room.agents.find((agent) => agent.name === name)?.id ?? ''}/speak-up`,
  );
const personIn = async (room: TestRoom) =>
  (await client.get<{ items: Message[] }>(`/rooms/${room.id}/messages?limit=50`)).body.items
    .filter(({ role }) => role === 'user')
    .map(({ content }) => content);

test('an agent that takes no part is asked to speak next: after the running turn, before all that wait, and it hears both', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo Lin'] });
  product.modelServer.setRules([as('Ada', HANG, 1)]);
  const running = await sendTurn(client, room.id, '@Ada go');
  await waitForStart(client, running.id, 'Ada');
  const waiting = [await sendTurn(client, room.id, '@Ada second'), await sendTurn(client, room.id, '@Ada third')];
  const { status, body } = await speakUp(room, 'Bo Lin');
  expect(status).toBe(202);
  expect(body.turn).toMatchObject({ mode: 'manual', status: 'queued', parentTurnId: running.id });
  const { body: queue } = await client.get<{ items: Turn[] }>(`/rooms/${room.id}/queue`);
  expect(queue.items.map(({ id }) => id)).toEqual([body.turn.id, ...waiting.map(({ id }) => id)]);

  await client.post(`/turns/${running.id}/stop`);
  const [last] = await Promise.all([waiting[1], body.turn].map((turn) => waitForTurn(client, turn?.id ?? '')));
  expect(last?.parentTurnId).toBe(waiting[0]?.id);
  expect(askedAs(product, 'Bo Lin')).toHaveLength(1);
  expect(said(askedAs(product, 'Bo Lin')[0])[0]).toBe('@Ada go');
  expect(said(askedAs(product, 'Bo Lin')[0]).join('\n')).not.toContain('second');
  expect(await personIn(room)).toEqual(['@Ada go', '@"Bo Lin" what do you say to this?', '@Ada second', '@Ada third']);
});

test('the room’s mode stays, whatever it is; with nothing running the agent speaks at once', async () => {
  const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada', 'Bo'] });
  const plan = { rationale: 'Ada alone.', assignments: [{ agent: 'Ada', instruction: 'Do it.', group: 1 }] };
  product.modelServer.setRules([asManager('plan', { json: plan })]);
  await runTurn(client, room.id, 'Who knows?');
  const turn = await waitForTurn(client, (await speakUp(room, 'Bo')).body.turn.id);
  expect(turn).toMatchObject({ mode: 'manual', status: 'completed', steps: [{ agentName: 'Bo' }] });
  const { body } = await client.get<Room>(`/rooms/${room.id}`);
  expect([body.currentMode, body.pendingMode]).toEqual(['orchestrator', null]);
});

test('who speaks in the running turn yet keeps its place, and who is muted stays so; neither costs anything', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo', { name: 'Cy', active: false }] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const running = await sendTurn(client, room.id, 'One after the other.');
  await waitForStart(client, running.id, 'Ada');
  const answers = [await speakUp(room, 'Ada'), await speakUp(room, 'Bo'), await speakUp(room, 'Cy')];
  expect(answers.map(({ status }) => status)).toEqual([409, 409, 409]);
  expect(answers[1]?.body.detail).toContain('skip who comes before it');
  expect((await client.get<{ items: Turn[] }>(`/rooms/${room.id}/queue`)).body.items).toEqual([]);
  const stranger = await product.createUser();
  const path = `/rooms/${room.id}/agents/${room.agents[1]?.id ?? ''}/speak-up`;
  expect((await stranger.client.post(path)).status).toBe(404);
  await client.post(`/turns/${running.id}/stop`);
  await waitForTurn(client, running.id);
});
