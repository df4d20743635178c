import { beforeEach, expect, test } from 'vitest';
import type { Message } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { as, askedAs, said, usageOf, type Problem } from '../turns/scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser({ microCredits: 10_000_000_000n });

const SUMMARISER = { system: 'You keep the running summary' };
const SUMMARY = 'The person likes rivers.';

beforeEach(() => {
  product.modelServer.setRules([{ match: SUMMARISER, behaviour: { text: SUMMARY } }]);
  product.modelServer.clearLog();
});

/** Some 3,600 tokens that begin with a word to find them by. */
const long = (mark: string) => `${mark} ${'lorem ipsum '.repeat(1_200)}`;
const summaryRequests = () => product.modelServer.log.filter(({ system }) => system.includes(SUMMARISER.system));
const summaryOf = (roomId: string) =>
  client.get<{ content: string; throughTurnId: string; createdAt: string }>(`/rooms/${roomId}/summary`);

/** A room whose agents have a past of three long turns behind them: more than is kept word for word. */
async function roomWithPast(agents = ['Bo']) {
  const room = await createRoom(client, { agents });
  const turns = [];
  for (const mark of ['ONE', 'TWO', 'THREE']) turns.push(await runTurn(client, room.id, `@Bo ${long(mark)}`));
  product.modelServer.clearLog();
  return { room, turns };
}

test('an agent remembers by its policy: everything, what concerns it, or nothing; its own words are its own', async () => {
  const room = await createRoom(client, {
    agents: [
      { name: 'Ada', memoryPolicy: 'full' },
      { name: 'Bo', memoryPolicy: 'summary' },
      { name: 'Cy', memoryPolicy: 'selective' },
      { name: 'Dee', memoryPolicy: 'none' },
    ],
  });
  product.modelServer.setRules([as('Ada', { text: 'Ada was here.' }), as('Cy', { text: 'Cy was here.' })]);
  await runTurn(client, room.id, '@Ada @Cy first');
  product.modelServer.clearLog();
  await runTurn(client, room.id, '@all second');
  const quoted = (name: string) => `${name} wrote:\n~~~\n${name} was here.\n~~~`;
  expect(said(askedAs(product, 'Ada')[0])).toEqual(['@Ada @Cy first', 'Ada was here.', quoted('Cy'), '@all second']);
  expect(said(askedAs(product, 'Bo')[0])).toEqual(['@Ada @Cy first', quoted('Ada'), quoted('Cy'), '@all second']);
  expect(said(askedAs(product, 'Cy')[0])).toEqual(['@Ada @Cy first', 'Cy was here.', '@all second']);
  expect(said(askedAs(product, 'Dee')[0])).toEqual(['@all second']);
  expect(askedAs(product, 'Ada')[0]?.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'user',
    'user',
  ]);
});

test('a manager remembers as an agent does, and its own syntheses as its own', async () => {
  const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada'] });
  const first = await runTurn(client, room.id, 'First.');
  product.modelServer.clearLog();
  await runTurn(client, room.id, 'Second.');
  const asked = product.modelServer.log[0];
  expect(said(asked)[0]).toBe('First.');
  expect(asked?.messages.find(({ role }) => role === 'assistant')?.content).toBe(first.steps.at(-1)?.content);
});

test('a long past is summed up once for all who need it, metered as such, readable, and used again', async () => {
  const { room, turns } = await roomWithPast(['Bo', 'Cy']);
  expect((await summaryOf(room.id)).status).toBe(404);

  const turn = await runTurn(client, room.id, '@all what do I like?');
  expect(turn.status).toBe('completed');
  expect(summaryRequests()).toHaveLength(1);
  expect(summaryRequests()[0]?.lastMessage).toMatch(/ONE[\s\S]*TWO/);
  expect(summaryRequests()[0]?.lastMessage).not.toContain('THREE');
  for (const name of ['Bo', 'Cy']) {
    const asked = askedAs(product, name)[0];
    expect(asked?.system).toContain(`Summary of the earlier conversation:\n~~~\n${SUMMARY}\n~~~`);
    expect(said(asked).join('\n')).not.toMatch(/ONE|TWO/);
    expect(said(asked)[0]).toContain('THREE');
  }
  const rows = await usageOf(product, turn.id);
  expect(rows.map(({ purpose }) => purpose).sort()).toEqual(['agent', 'agent', 'summary']);
  expect(rows.find(({ purpose }) => purpose === 'summary')).toMatchObject({
    step_id: null,
    agent_id: null,
    model_alias: 'gpt_oss',
    status: 'ok',
  });
  expect(turn.chargedMicroCredits).toBe(rows.reduce((sum, row) => sum + row.credits_burned, 0n).toString());

  const summary = await summaryOf(room.id);
  expect(summary.status).toBe(200);
  expect(summary.body).toEqual({
    content: SUMMARY,
    throughTurnId: turns[1]?.id,
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
  });

  product.modelServer.clearLog();
  await runTurn(client, room.id, '@Bo and now?');
  expect(summaryRequests()).toEqual([]);
  expect(askedAs(product, 'Bo')[0]?.system).toContain(SUMMARY);
  expect(said(askedAs(product, 'Bo')[0])).toContain('@all what do I like?');
});

test('the summary rolls: the next one is made of the last one and of what came since', async () => {
  const { room } = await roomWithPast();
  await runTurn(client, room.id, `@Bo ${long('FOUR')}`);
  await runTurn(client, room.id, `@Bo ${long('FIVE')}`);
  product.modelServer.clearLog();
  product.modelServer.setRules([{ match: SUMMARISER, behaviour: { text: 'Rivers, still.' } }]);
  await runTurn(client, room.id, '@Bo and?');
  const [request] = summaryRequests();
  expect(request?.lastMessage).toContain(`The summary so far:\n~~~\n${SUMMARY}\n~~~`);
  expect(request?.lastMessage).toMatch(/THREE[\s\S]*FOUR/);
  expect(request?.lastMessage).not.toMatch(/ONE|TWO|FIVE/);
  expect((await summaryOf(room.id)).body.content).toBe('Rivers, still.');
  expect(askedAs(product, 'Bo')[0]?.system).not.toContain(SUMMARY);
});

test('what a deleted message said is in no summary any more, and what a restored one said is again', async () => {
  const { room, turns } = await roomWithPast();
  await runTurn(client, room.id, '@Bo sum up');
  const { body } = await client.get<{ items: Message[] }>(`/rooms/${room.id}/messages?limit=100`);
  const of = (turnId: string | undefined) => body.items.find((message) => message.turnId === turnId)?.id ?? '';

  await client.delete(`/messages/${of(turns[2]?.id)}`);
  expect((await summaryOf(room.id)).status, 'a later message is in no summary').toBe(200);
  await client.post(`/messages/${of(turns[2]?.id)}/restore`);
  expect((await summaryOf(room.id)).status).toBe(200);

  await client.delete(`/messages/${of(turns[0]?.id)}`);
  expect((await summaryOf(room.id)).status).toBe(404);
  product.modelServer.clearLog();
  await runTurn(client, room.id, `@Bo ${long('FOUR')}`);
  await runTurn(client, room.id, '@Bo again');
  expect(summaryRequests()).toHaveLength(1);
  expect(JSON.stringify(product.modelServer.log.map(({ messages }) => messages))).not.toContain('ONE');

  await client.post(`/messages/${of(turns[0]?.id)}/restore`);
  expect((await summaryOf(room.id)).status, 'made without it').toBe(404);
  product.modelServer.clearLog();
  await runTurn(client, room.id, '@Bo once more');
  expect(summaryRequests()[0]?.lastMessage).toContain('ONE');
});

test('when no summary can be had the turn goes on with the latest turns, the attempt is metered, the next turn tries again', async () => {
  const { room } = await roomWithPast();
  product.modelServer.setRules([{ match: SUMMARISER, behaviour: { status: 400 } }]);
  const turn = await runTurn(client, room.id, '@Bo still there?');
  expect(turn).toMatchObject({ status: 'completed', failedSteps: 0 });
  expect(said(askedAs(product, 'Bo')[0])[0]).toContain('THREE');
  expect(said(askedAs(product, 'Bo')[0]).join()).not.toContain('ONE');
  expect((await usageOf(product, turn.id)).map(({ purpose, status }) => `${purpose} ${status}`)).toEqual([
    'summary failed',
    'agent ok',
  ]);
  expect((await summaryOf(room.id)).status).toBe(404);
  product.modelServer.setRules([{ match: SUMMARISER, behaviour: { text: SUMMARY } }]);
  await runTurn(client, room.id, '@Bo and now?');
  expect((await summaryOf(room.id)).body.content).toBe(SUMMARY);
});

test('a summary belongs to its branch: another branch neither uses nor shows it', async () => {
  const { room, turns } = await roomWithPast();
  await runTurn(client, room.id, '@Bo sum up');
  expect((await summaryOf(room.id)).status).toBe(200);
  product.modelServer.clearLog();
  await runTurn(client, room.id, '@Bo another way', { parentTurnId: turns[0]?.id ?? null });
  expect(askedAs(product, 'Bo')[0]?.system).not.toContain(SUMMARY);
  expect(said(askedAs(product, 'Bo')[0]).join()).toContain('ONE');
  expect((await summaryOf(room.id)).status).toBe(404);
});

test('who needs no summary pays for none', async () => {
  const { room } = await roomWithPast();
  await client.post(`/rooms/${room.id}/agents`, {
    name: 'Dee',
    modelAlias: 'llama',
    rolePrompt: 'Forget.',
    memoryPolicy: 'none',
  });
  const turn = await runTurn(client, room.id, '@Dee hello');
  expect((await usageOf(product, turn.id)).map(({ purpose }) => purpose)).toEqual(['agent']);
  expect(summaryRequests()).toEqual([]);
});

test('a full memory still ends where the model’s window does: the oldest falls out', async () => {
  const room = await createRoom(client, { agents: [{ name: 'Ada', memoryPolicy: 'full' }] });
  for (const mark of ['OLDEST', 'MIDDLE', 'NEWEST']) {
    await runTurn(client, room.id, `@Ada ${mark} ${'lorem ipsum '.repeat(7_500)}`);
  }
  product.modelServer.clearLog();
  const turn = await runTurn(client, room.id, '@Ada and?');
  expect(turn.status).toBe('completed');
  const remembered = said(askedAs(product, 'Ada')[0]).join('\n');
  expect(remembered).not.toContain('OLDEST');
  expect(remembered).toMatch(/MIDDLE[\s\S]*NEWEST/);
});

test('a direct chat has a summary of its own (FR-DIRECT-002)', async () => {
  const direct = await createDirectSession(client, 'Bo');
  for (const mark of ['ONE', 'TWO', 'THREE']) await runTurn(client, { directSessionId: direct.id }, long(mark));
  await runTurn(client, { directSessionId: direct.id }, 'And?');
  const found = await client.get<{ content: string }>(`/direct-sessions/${direct.id}/summary`);
  expect([found.status, found.body.content]).toEqual([200, SUMMARY]);
  const stranger = await product.createUser();
  const foreign = await stranger.client.get<Problem>(`/direct-sessions/${direct.id}/summary`);
  expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found']);
});
