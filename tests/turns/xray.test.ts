import { beforeEach, describe, expect, test } from 'vitest';
import type { Turn } from '#server/turns/contract.ts';
import type { Xray, XrayRequest } from '#server/xray/contract.ts';
import { startTestApp } from '../support/app.ts';
import { afterFile } from '../support/after-file.ts';
import { startSearchServer } from '../support/search-server.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';
import { runTurn, waitForTurn } from '../support/turns.ts';
import { as, askedAs, asManager, stepOf, type Problem } from './scenes.ts';

const search = await startSearchServer();
afterFile(() => search.close());
const product = await startTestApp({
  model: { defaults: { tokens: 6 } },
  env: { TAVILY_API_KEY: search.apiKey, TAVILY_BASE_URL: search.url },
});
const { client } = await product.createUser({ microCredits: 10_000_000_000n });

const SUMMARISER = { system: 'You keep the running summary' };
const SUMMARY = 'The person likes rivers.';

beforeEach(() => {
  product.modelServer.setRules([{ match: SUMMARISER, behaviour: { text: SUMMARY } }]);
  product.modelServer.clearLog();
});

async function xray(turnId: string, stepId: string): Promise<Xray> {
  const { status, body } = await client.get<Xray>(`/turns/${turnId}/steps/${stepId}/xray`);
  expect(status).toBe(200);
  return body;
}

/** X-rays of all steps of a turn, in order. */
function xrays({ id, steps }: Turn): Promise<Xray[]> {
  return Promise.all(steps.map((step) => xray(id, step.id)));
}

/** What a request says, as the model's own server logged it. */
const wire = (request: XrayRequest | undefined) => request?.messages.map(({ role, content }) => [role, content]);
const parts = (request: XrayRequest | undefined) => request?.messages.map(({ part }) => part);
const received = (entry: (typeof product.modelServer.log)[number] | undefined) =>
  entry?.messages.map(({ role, content }) => [role, content ?? '']);
const requestsTo = (what: string) => product.modelServer.log.filter(({ system }) => system.includes(what));
const codes = ({ leftOut }: Xray) => leftOut.map(({ code }) => code);

/** Every request of every step is, by its recorded hash, the one that was made. */
function expectExact(all: Xray[]): void {
  for (const { agentName, requests } of all) {
    expect(requests.length, agentName).toBeGreaterThan(0);
    for (const { exact, hash, recordedHash } of requests) {
      expect(hash, agentName).toBe(recordedHash);
      expect(exact, agentName).toBe(true);
    }
  }
}

describe('an X-ray shows the very request that the agent received', () => {
  test('in manual mode: rules, memory with its authors, the message; and what each was not told', async () => {
    const room = await createRoom(client, {
      agents: [
        { name: 'Ada', memoryPolicy: 'full' },
        { name: 'Bo', memoryPolicy: 'none' },
        { name: 'Cy', memoryPolicy: 'selective' },
      ],
    });
    product.modelServer.setRules([as('Ada', { text: 'Ada was here.' }), as('Bo', { text: 'Bo was here.' })]);
    const first = await runTurn(client, room.id, '@Ada @Bo first');
    product.modelServer.clearLog();
    const turn = await runTurn(client, room.id, '@all second');
    const all = await xrays(turn);
    expectExact(all);
    for (const { agentName, requests } of all) {
      expect(wire(requests[0])).toEqual(received(askedAs(product, agentName)[0]));
    }
    const [ada, bo, cy] = all;
    expect(parts(ada?.requests[0])).toEqual(['system', 'memory', 'memory', 'memory', 'message']);
    expect(ada?.requests[0]?.messages.slice(1, 4)).toMatchObject([
      { author: 'You', turnId: first.id },
      { author: 'Ada', turnId: first.id },
      { author: 'Bo', turnId: first.id },
    ]);
    expect(ada?.route.reason).toContain('tags Ada, Bo, Cy');
    expect(codes(ada as Xray)).toEqual(['at_the_same_time', 'search_off']);
    expect(bo?.leftOut.find(({ code }) => code === 'no_memory')).toMatchObject({ count: 3 });
    expect(cy?.leftOut.find(({ code }) => code === 'not_its_concern')).toMatchObject({
      count: 2,
      items: [{ label: 'Bo' }, { label: 'Ada', excerpt: 'Ada was here.' }],
    });
    expect(ada?.prompt.version).toBe(ada?.prompt.currentVersion);
  });

  test('in a roundtable: what was said before in this turn', async () => {
    const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
    const turn = await runTurn(client, room.id, 'What now?');
    const [ada, bo] = await xrays(turn);
    expectExact([ada as Xray, bo as Xray]);
    expect(parts(bo?.requests[0])).toEqual(['system', 'turn', 'message']);
    expect(wire(bo?.requests[0])).toEqual(received(askedAs(product, 'Bo')[0]));
    expect(bo?.route.reason).toContain('number 2 of 2');
    expect(codes(ada as Xray)).toContain('later');
  });

  test('in an orchestration: the plan that was sent back and its correction, the work, the synthesis', async () => {
    const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada', 'Bo', 'Cy'] });
    const assignments = [
      { agent: 'Cy', instruction: 'Check it.', group: 2 },
      { agent: 'Ada', instruction: 'Find it.', group: 1 },
      { agent: 'Bo', instruction: 'Weigh it.', group: 1 },
    ];
    product.modelServer.setRules([
      asManager('plan', { invalidPlan: true }, 1),
      asManager('plan', { json: { rationale: 'They know.', assignments } }),
      as('Bo', { status: 400 }),
    ]);
    const turn = await runTurn(client, room.id, 'What is it?');
    const all = await xrays(turn);
    expectExact(all);
    const [manager, ada, , cy, synthesis] = all;
    expect(manager?.requests.map(parts)).toEqual([
      ['system', 'message'],
      ['system', 'message', 'reply', 'correction'],
    ]);
    expect(manager?.requests.map(wire)).toEqual(requestsTo('you decide who works on it').map(received));
    expect(manager?.requests[0]?.structured?.name).toBe('plan');
    expect(ada?.route).toMatchObject({ instruction: 'Find it.', plan: { rationale: 'They know.' } });
    expect(ada?.route.reason).toContain('group 1 of 2');
    expect(wire(cy?.requests[0])).toEqual(received(askedAs(product, 'Cy')[0]));
    expect(synthesis?.route.reason).toContain('2 of 3 replied');
    expect(wire(synthesis?.requests[0])).toEqual(received(requestsTo('the agents you chose have worked on it')[0]));
  });

  test('in a direct chat, with calls, timings and the receipt’s lines', async () => {
    const chat = await createDirectSession(client, { name: 'Dee', fallbackAlias: 'qwen' });
    product.modelServer.setRules([{ behaviour: { status: 400 }, times: 1 }]);
    product.modelServer.clearLog();
    const turn = await runTurn(client, { directSessionId: chat.id }, 'Hello?');
    const [dee] = await xrays(turn);
    expectExact([dee as Xray]);
    expect(wire(dee?.requests[0])).toEqual(received(product.modelServer.log.at(-1)));
    const calls = dee?.calls ?? [];
    expect(calls.map(({ status, fallback }) => [status, fallback]).at(-1)).toEqual(['ok', true]);
    expect(calls[0]).toMatchObject({ status: 'failed', fallback: false, attempt: 1, errorCode: 'refused_request' });
    expect(calls).toHaveLength(product.modelServer.log.length);
    expect(dee?.timings.totalMs).toBeGreaterThanOrEqual(dee?.timings.firstTokenMs ?? Infinity);
    expect(dee?.receipt.calls.map(({ id }) => id).sort()).toEqual(calls.map(({ id }) => id).sort());
    expect(dee?.receipt.chargedMicroCredits).toBe(turn.chargedMicroCredits);
  });

  test('with tools: each round, with what the tools answered', async () => {
    const agents = [{ name: 'Ada', toolPermissions: { search: true, files: false } }];
    const room = await createRoom(client, { mode: 'roundtable', agents });
    product.modelServer.setRules([
      {
        match: { lastMessage: 'copper' },
        behaviour: { text: 'Let me look. ', toolCalls: [{ name: 'search_web', arguments: { query: 'copper price' } }] },
        times: 1,
      },
      { behaviour: { text: 'It rose [1].' } },
    ]);
    const turn = await runTurn(client, room.id, 'What of copper?');
    const [ada] = await xrays(turn);
    expectExact([ada as Xray]);
    expect(ada?.requests.map(parts)).toEqual([
      ['system', 'message'],
      ['system', 'message', 'reply', 'tool_result'],
    ]);
    expect(ada?.requests.map(wire)).toEqual(product.modelServer.log.map(received));
    expect(ada?.requests[0]?.tools.map(({ name }) => name)).toEqual(['search_web']);
    expect(ada?.toolCalls).toMatchObject([{ tool: 'search_web', status: 'completed' }]);
    expect(ada?.receipt.tools).toHaveLength(1);
  });

  test('a summary as it was then: made in this turn, used by the next, not by the one before', async () => {
    const room = await createRoom(client, { agents: ['Bo'] });
    const long = (mark: string) => `@Bo ${mark} ${'lorem ipsum '.repeat(1_200)}`;
    const turns = [];
    for (const mark of ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE']) turns.push(await runTurn(client, room.id, long(mark)));
    const all = (await Promise.all(turns.map(xrays))).flat();
    expectExact(all);
    expect(all.map(({ memory }) => [memory.summary !== null, memory.summaryMadeInThisTurn])).toEqual([
      [false, false],
      [false, false],
      [false, false],
      [true, true],
      [true, false],
    ]);
    expect(all[3]?.leftOut.find(({ code }) => code === 'summarised')).toMatchObject({ count: 4 });
  });

  test('a reply that was kept when another was made anew leads to the step that was asked', async () => {
    const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
    const turn = await runTurn(client, room.id, '@all go');
    const again = await client.post<{ turn: Turn }>(`/turns/${turn.id}/steps/${stepOf(turn, 'Bo').id}/regenerate`);
    const anew = await waitForTurn(client, again.body.turn.id);
    const [ada, bo] = await xrays(anew);
    expectExact([ada as Xray, bo as Xray]);
    expect(ada?.reusedFrom).toEqual({ turnId: turn.id, stepId: stepOf(turn, 'Ada').id });
    expect(bo?.reusedFrom).toBeNull();
  });
});

test('when what it was made of is gone, an X-ray says that it is a reconstruction, and shows nothing that was deleted', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const first = await runTurn(client, room.id, '@Ada the secret is CANARY');
  const turn = await runTurn(client, room.id, '@Ada and now?');
  expect(JSON.stringify(await xrays(turn))).toContain('CANARY');
  expect((await client.delete(`/messages/${first.id}`)).status).toBe(204);
  const [ada] = await xrays(turn);
  expect(ada?.requests).toMatchObject([{ exact: false, why: expect.stringContaining('was deleted since') as string }]);
  expect(JSON.stringify(ada)).not.toContain('CANARY');
});

test('an X-ray is its owner’s alone, and of a step that the turn has; it ends with the room', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada hi');
  const path = `/turns/${turn.id}/steps/${stepOf(turn, 'Ada').id}/xray`;
  const stranger = await product.createUser();
  expect((await stranger.client.get(path)).status).toBe(404);
  expect((await client.get<Problem>(`/turns/${turn.id}/steps/${turn.id}/xray`)).body.code).toBe('not_found');
  expect((await client.get(`/turns/${turn.id}/steps/nonsense/xray`)).status).toBe(404);
  await client.delete(`/rooms/${room.id}`);
  expect((await client.get(path)).status).toBe(404);
});
