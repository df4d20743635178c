/** A room as LangGraph's own client sees it (issue: any chat page made for LangGraph can sit on a room). */
import { Client, type Message } from '@langchain/langgraph-sdk';
import { MessageTupleManager, StreamManager } from '@langchain/langgraph-sdk/ui';
import { describe, expect, test } from 'vitest';
import type { Turn } from '#server/turns/contract.ts';
import { newId } from '#server/platform/ids.ts';
import { startTestApp, type TestUser } from '#tests/support/app.ts';
import { startCuttingProxy } from '#tests/support/cutting-proxy.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { runTurn, waitForTurn } from '#tests/support/turns.ts';
import { as, asManager } from '#tests/turns/scenes.ts';

const product = await startTestApp({ env: { LANGGRAPH_ORIGINS: 'https://chat.example.com' } });
const proxy = await startCuttingProxy(product.url);

type State = { messages: Message[]; plan: { assignments: unknown[] } | null; turn: { status: string } | null };

async function programOf(user: TestUser, { url = product.url, scopes = ['read', 'write'] } = {}) {
  const made = await user.client.post<{ key: string }>('/api-keys', { name: 'LangGraph', scopes });
  expect(made.status).toBe(201);
  const apiKey = made.body.key;
  return { apiKey, program: new Client({ apiUrl: `${url}/langgraph`, apiKey, callerOptions: { maxRetries: 0 } }) };
}

async function start(mode: 'manual' | 'roundtable' | 'orchestrator' = 'roundtable', agents = ['Ada', 'Bo']) {
  const user = await product.createUser();
  const room = await createRoom(user.client, { name: 'Council', mode, agents });
  return { user, room, ...(await programOf(user)) };
}

const human = (content: string) => ({ messages: [{ type: 'human', content }] });
const textOf = ({ content }: Message) => content as string;
const said = (messages: Message[]) => messages.map(({ type, name, content }) => [type, name, content]);
const waitFor = (program: Client, threadId: string | null, assistantId: string, content: string, more = {}) =>
  (threadId === null
    ? program.runs.wait(null, assistantId, { input: human(content), ...more })
    : program.runs.wait(threadId, assistantId, { input: human(content), ...more })) as unknown as Promise<State>;

describe('assistants', () => {
  test('are the caller’s rooms and direct chats, with their graph and schemas', async () => {
    const { user, room, program } = await start('orchestrator');
    const direct = await createDirectSession(user.client, { name: 'Cy' });
    const found = await program.assistants.search();
    expect(found.map(({ assistant_id, graph_id }) => [assistant_id, graph_id])).toEqual([
      [direct.id, 'direct'],
      [room.id, 'orchestrator'],
    ]);
    expect(await program.assistants.search({ graphId: 'orchestrator', limit: 1 })).toEqual([found[1]]);
    expect(await program.assistants.get(room.id)).toMatchObject({ name: 'Council', metadata: { kind: 'room' } });
    const graph = await program.assistants.getGraph(room.id);
    expect(graph.nodes.map(({ id }) => id).sort()).toEqual(
      ['__end__', '__start__', 'dispatch', 'route', 'synthesise', 'work'].sort(),
    );
    expect(graph.edges).toContainEqual({ source: 'work', target: 'dispatch', conditional: false });
    const schemas = await program.assistants.getSchemas(room.id);
    expect(schemas.graph_id).toBe('orchestrator');
    expect(schemas.input_schema).toMatchObject({ properties: { messages: { type: 'array' } } });
    expect(schemas.state_schema?.properties).toHaveProperty('plan');
    expect(await program.assistants.getSubgraphs(room.id)).toEqual({});
  });

  test('of someone else are not there, and without a key nothing is', async () => {
    const { room, program } = await start();
    const other = await programOf(await product.createUser());
    expect(await other.program.assistants.search()).toEqual([]);
    for (const [client, status] of [
      [other.program, 404],
      [new Client({ apiUrl: `${product.url}/langgraph`, apiKey: 'pan_wrong', callerOptions: { maxRetries: 0 } }), 401],
      [new Client({ apiUrl: `${product.url}/langgraph`, apiKey: null, callerOptions: { maxRetries: 0 } }), 401],
    ] as const) {
      const refused = { status };
      await expect(client.assistants.get(room.id)).rejects.toMatchObject(refused);
      await expect(client.threads.get(room.id)).rejects.toMatchObject(refused);
      await expect(client.runs.wait(room.id, room.id, { input: human('Hi') })).rejects.toMatchObject(refused);
    }
    await waitFor(program, room.id, room.id, 'Mine');
    const [run] = await program.runs.list(room.id);
    await expect(other.program.runs.get(room.id, run!.run_id)).rejects.toMatchObject({ status: 404 });
    await expect(other.program.runs.cancel(room.id, run!.run_id)).rejects.toMatchObject({ status: 404 });
  });

  test('are read with the scope to read, and run only with the scope to write', async () => {
    const { user, room } = await start();
    const { program } = await programOf(user, { scopes: ['read'] });
    expect(await program.assistants.search()).toHaveLength(1);
    expect(await program.threads.search()).toHaveLength(1);
    await expect(program.runs.create(room.id, room.id, { input: human('Hi') })).rejects.toMatchObject({ status: 403 });
    await expect(program.threads.create()).rejects.toMatchObject({ status: 403 });
  });
});

describe('a run', () => {
  test('is a turn of the room: recorded, attributed, charged, seen by everybody', async () => {
    product.modelServer.setRules([as('Ada', { text: 'I am for it.' }), as('Bo', { text: 'I am not.' })]);
    const { user, room, program } = await start();
    const state = await waitFor(program, room.id, room.id, 'Shall we?');
    expect(said(state.messages)).toEqual([
      ['human', undefined, 'Shall we?'],
      ['ai', 'Ada', 'I am for it.'],
      ['ai', 'Bo', 'I am not.'],
    ]);
    expect(state.messages[1]).toMatchObject({ usage_metadata: { total_tokens: expect.any(Number) as number } });
    const [run] = await program.runs.list(room.id);
    expect(run).toMatchObject({ status: 'success', thread_id: room.id, assistant_id: room.id });
    const turn = await waitForTurn(user.client, run!.run_id);
    expect(turn).toMatchObject({ status: 'completed', message: 'Shall we?', roomId: room.id });
    expect(BigInt(turn.chargedMicroCredits)).toBeGreaterThan(0n);
    expect(await program.runs.get(room.id, turn.id)).toEqual(run);
    expect(await program.runs.join(room.id, turn.id)).toEqual(state);
  });

  test('is refused as a send is: no agent, no credits, nothing to say', async () => {
    const { user, program } = await start();
    const empty = await createRoom(user.client, {});
    await expect(waitFor(program, empty.id, empty.id, 'Hi')).rejects.toMatchObject({ status: 422 });
    const room = await createRoom(user.client, { agents: ['Ada'], mode: 'roundtable' });
    await expect(waitFor(program, room.id, room.id, '  ')).rejects.toMatchObject({ status: 422 });
    await expect(program.runs.wait(room.id, room.id, { input: null })).rejects.toMatchObject({ status: 422 });
    const poor = await product.createUser({ microCredits: 0n });
    const theirs = await createRoom(poor.client, { agents: ['Ada'], mode: 'roundtable' });
    const broke = await programOf(poor);
    await expect(waitFor(broke.program, theirs.id, theirs.id, 'Hi')).rejects.toMatchObject({ status: 402 });
  });

  test('streams tokens under their agents’ names, updates, values, tools and our own events', async () => {
    product.modelServer.setRules([
      asManager('plan', {
        json: {
          rationale: 'Both.',
          assignments: [
            { agent: 'Ada', instruction: 'Figures', group: 1 },
            { agent: 'Bo', instruction: 'Risks', group: 1 },
          ],
        },
      }),
      asManager('synthesis', { text: 'All things considered, yes.' }),
      as('Ada', { text: 'The figures are fine.' }),
      as('Bo', { text: 'The risks are small.' }),
    ]);
    const { room, program } = await start('orchestrator');
    const parts = [];
    let runId = '';
    for await (const part of program.runs.stream(room.id, room.id, {
      input: human('Launch?'),
      streamMode: ['values', 'updates', 'messages-tuple', 'custom'],
      onRunCreated: ({ run_id }) => (runId = run_id),
    })) {
      parts.push(part);
    }
    expect(parts[0]).toMatchObject({ event: 'metadata', data: { run_id: runId, thread_id: room.id } });
    const texts = new Map<string, string>();
    for (const { event, data } of parts) {
      if (event !== 'messages') continue;
      const [message, metadata] = data as unknown as [Message, { langgraph_node: string; agent_name: string }];
      expect(metadata.agent_name).toBe(message.name);
      const who = `${metadata.langgraph_node} ${message.name}`;
      texts.set(who, (texts.get(who) ?? '') + textOf(message));
    }
    expect(Object.fromEntries(texts)).toEqual({
      'work Ada': 'The figures are fine.',
      'work Bo': 'The risks are small.',
      'synthesise Manager': 'All things considered, yes.',
    });
    const updates = parts.filter(({ event }) => event === 'updates').map(({ data }) => Object.keys(data as object)[0]);
    expect(updates).toEqual(['route', 'work', 'work', 'synthesise']);
    const values = parts.filter(({ event }) => event === 'values').map(({ data }) => data as State);
    expect(values.at(-1)).toMatchObject({ turn: { id: runId, status: 'completed' }, plan: { rationale: 'Both.' } });
    expect(values.at(-1)!.messages).toHaveLength(4);
    const own = parts.filter(({ event }) => event === 'custom').map(({ data }) => (data as { type: string }).type);
    expect(own[0]).toBe('turn_queued');
    expect(own.at(-1)).toBe('turn_completed');
    expect(own).not.toContain('step_delta');
  });

  test('tells why it failed', async () => {
    product.modelServer.setRules([{ behaviour: { status: 400, errorMessage: 'no' } }]);
    const { room, program } = await start('roundtable', ['Ada']);
    const parts = [];
    for await (const part of program.runs.stream(room.id, room.id, { input: human('Hi'), streamMode: 'values' })) {
      parts.push(part);
    }
    expect(parts.at(-1)).toMatchObject({ event: 'error', data: { error: expect.any(String) as string } });
    await expect(program.runs.wait(room.id, room.id, { input: human('Hi') })).rejects.toThrow(/:/);
    expect(await program.threads.get(room.id)).toMatchObject({ status: 'error' });
    product.modelServer.setRules([]);
  });

  test('goes on after a cut connection without gap or duplicate, and can be joined from any part', async () => {
    const text = Array.from({ length: 150 }, (_, word) => `word${word}`).join(' ');
    product.modelServer.setRules([as('Ada', { text, tokenDelayMs: 12 })]);
    const { user, room } = await start('roundtable', ['Ada']);
    const { program } = await programOf(user, { url: proxy.url });
    const cutsBefore = proxy.cuts;
    let left = 4;
    proxy.cutAfter(() => (left-- > 0 ? 6_000 : Number.POSITIVE_INFINITY));
    const ids: string[] = [];
    let runId = '';
    let streamed = '';
    for await (const { id, event, data } of program.runs.stream(room.id, room.id, {
      input: human('Go on'),
      streamMode: ['values', 'messages-tuple'],
      onDisconnect: 'continue',
      onRunCreated: ({ run_id }) => (runId = run_id),
    }) as AsyncIterable<{ id: string; event: string; data: unknown }>) {
      ids.push(id);
      if (event === 'messages') streamed += textOf((data as [Message])[0]);
    }
    proxy.cutAfter(() => Number.POSITIVE_INFINITY);
    expect(proxy.cuts - cutsBefore).toBeGreaterThanOrEqual(3);
    expect(streamed).toBe(text);
    expect(new Set(ids).size).toBe(ids.length);
    // The same run again, whole and from the middle.
    const rejoin = async (lastEventId?: string) => {
      const parts = [];
      const options = { streamMode: ['values', 'messages-tuple'] as never, ...(lastEventId ? { lastEventId } : {}) };
      for await (const part of program.runs.joinStream(room.id, runId, options)) parts.push(part);
      return parts.map(({ id }) => id);
    };
    expect(await rejoin()).toEqual(ids);
    expect(await rejoin('-1')).toEqual(ids);
    const middle = Math.floor(ids.length / 2);
    expect(await rejoin(ids[middle])).toEqual(ids.slice(middle + 1));
    const odd = await user.client.fetch(`/langgraph/threads/${room.id}/runs/${runId}/stream`, {
      headers: { 'Last-Event-ID': 'yesterday' },
    });
    expect(odd.status).toBe(400);
  });

  test('is stopped by cancel, and by hanging up when the client says so', async () => {
    product.modelServer.setRules([as('Ada', { text: 'one two three four', hang: 'mid_stream', afterTokens: 2 })]);
    const { user, room, program } = await start('roundtable', ['Ada']);
    const run = await program.runs.create(room.id, room.id, { input: human('Talk') });
    expect(['pending', 'running']).toContain(run.status);
    expect(await program.threads.get(room.id)).toMatchObject({ status: 'busy' });
    await program.runs.cancel(room.id, run.run_id, true);
    expect(await program.runs.get(room.id, run.run_id)).toMatchObject({ status: 'interrupted' });
    const hangUp = new AbortController();
    let second = '';
    const stream = program.runs.stream(room.id, room.id, {
      input: human('Talk'),
      streamMode: 'messages-tuple',
      onDisconnect: 'cancel',
      signal: hangUp.signal,
      onRunCreated: ({ run_id }) => (second = run_id),
    });
    for await (const { event } of stream) if (event === 'messages') hangUp.abort();
    expect((await waitForTurn(user.client, second)).status).toBe('cancelled');
    product.modelServer.setRules([]);
  });

  test('with the same idempotency key is the same run', async () => {
    const { user, room, apiKey } = await start();
    const program = new Client({
      apiUrl: `${product.url}/langgraph`,
      apiKey,
      defaultHeaders: { 'Idempotency-Key': 'once' },
    });
    const first = await program.runs.create(room.id, room.id, { input: human('Once') });
    const again = await program.runs.create(room.id, room.id, { input: human('Once') });
    expect(again.run_id).toBe(first.run_id);
    await waitForTurn(user.client, first.run_id);
  });
});

describe('a thread', () => {
  test('of its own is a line of the conversation that begins with nothing, whichever branch is written on', async () => {
    product.modelServer.setRules([]);
    const { user, room, program } = await start('roundtable', ['Ada']);
    await waitFor(program, room.id, room.id, 'In the room');
    const thread = await program.threads.create({ metadata: { topic: 'boats' } });
    expect(thread).toMatchObject({ status: 'idle', metadata: { topic: 'boats' }, values: { messages: [] } });
    expect((await program.threads.getState(thread.thread_id)).next).toEqual([]);
    await waitFor(program, thread.thread_id, room.id, 'First in the thread');
    await waitFor(program, room.id, room.id, 'The page goes on elsewhere', { checkpointId: null });
    const state = await waitFor(program, thread.thread_id, room.id, 'Second in the thread');
    expect(state.messages.filter(({ type }) => type === 'human').map(({ content }) => content)).toEqual([
      'First in the thread',
      'Second in the thread',
    ]);
    const bound = await program.threads.get(thread.thread_id);
    expect(bound.metadata).toEqual({ topic: 'boats', assistant_id: room.id, graph_id: 'roundtable' });
    const mine = await program.threads.search({ metadata: { assistant_id: room.id } });
    expect(mine.map(({ thread_id }) => thread_id).sort()).toEqual([thread.thread_id, room.id].sort());
    expect(await program.threads.search({ metadata: { topic: 'boats' } })).toHaveLength(1);
    expect(await program.runs.list(thread.thread_id)).toHaveLength(2);
    const otherRoom = await createRoom(user.client, { agents: ['Bo'], mode: 'roundtable' });
    await expect(waitFor(program, thread.thread_id, otherRoom.id, 'Hi')).rejects.toMatchObject({ status: 409 });
    await program.threads.update(thread.thread_id, { metadata: { topic: 'ships' } });
    expect((await program.threads.get(thread.thread_id)).metadata).toMatchObject({ topic: 'ships' });
    await program.threads.delete(thread.thread_id);
    await expect(program.threads.get(thread.thread_id)).rejects.toMatchObject({ status: 404 });
    await expect(program.threads.delete(room.id)).rejects.toMatchObject({ status: 409 });
    // What was said in it is still the room's.
    expect((await user.client.get(`/turns/${(state.turn as unknown as Turn).id}`)).status).toBe(200);
  });

  test('has a state for each thing asked and answered, and is forked from any of them', async () => {
    const { room, program } = await start('roundtable', ['Ada']);
    await waitFor(program, room.id, room.id, 'One');
    const second = await waitFor(program, room.id, room.id, 'Two');
    const history = await program.threads.getHistory<State>(room.id);
    expect(history.map(({ values }) => values.messages.length)).toEqual([4, 3, 2, 1, 0]);
    for (const [place, { parent_checkpoint }] of history.entries()) {
      expect(parent_checkpoint?.checkpoint_id).toBe(history[place + 1]?.checkpoint.checkpoint_id);
    }
    expect(await program.threads.getState(room.id)).toEqual(history[0]);
    expect(await program.threads.getState(room.id, history[2]!.checkpoint.checkpoint_id!)).toEqual(history[2]);
    expect(await program.threads.getState(room.id, history[2]!.checkpoint)).toEqual(history[2]);
    const [, , older] = await program.threads.getHistory(room.id, { limit: 3 });
    expect(older).toEqual(history[2]);
    expect(await program.threads.getHistory(room.id, { before: { configurable: history[1]!.checkpoint } })).toEqual(
      history.slice(2),
    );
    // Another second message, as an edited one; then the first again, as regenerated.
    const edited = await waitFor(program, room.id, room.id, 'Two, but better', {
      checkpointId: history[2]!.checkpoint.checkpoint_id,
    });
    expect(edited.messages.map(textOf)).toEqual(expect.arrayContaining(['One', 'Two, but better']));
    expect(edited.messages.map(({ id }) => id)).not.toContain(second.messages.at(-1)!.id);
    const forked = await program.threads.getHistory<State>(room.id);
    expect(
      forked.filter(
        ({ parent_checkpoint }) => parent_checkpoint?.checkpoint_id === history[2]!.checkpoint.checkpoint_id,
      ),
    ).toHaveLength(2);
    const again = (await program.runs.wait(room.id, room.id, {
      input: null,
      checkpointId: history[3]!.checkpoint.checkpoint_id!,
    })) as unknown as State;
    expect(again.messages).toHaveLength(2);
    expect(again.messages[0]).toMatchObject({ content: 'One' });
    await expect(program.threads.getState(room.id, 'nonsense')).rejects.toMatchObject({ status: 422 });
  });

  test('is made by a run that names none', async () => {
    const { room, program } = await start('roundtable', ['Ada']);
    let threadId: string | undefined = '';
    const state = await waitFor(program, null, room.id, 'On its own', {
      onRunCreated: (made: { thread_id?: string }) => (threadId = made.thread_id),
    });
    expect(state.messages).toHaveLength(2);
    expect((await program.threads.get(threadId)).metadata).toMatchObject({ assistant_id: room.id });
  });
});

describe('the SDK’s stream manager, which useStream stands on', () => {
  test('shows parallel agents as they speak and ends with what the thread holds', async () => {
    product.modelServer.setRules([
      as('Ada', { text: 'Ada says a good deal more than that.', tokenDelayMs: 3 }),
      as('Bo', { text: 'Bo is brief.', tokenDelayMs: 1 }),
    ]);
    const { user, room, program } = await start('manual');
    await runTurn(user.client, room.id, '@all before');
    const { values: initialValues } = await program.threads.getState<State>(room.id);
    const manager = new StreamManager<State>(new MessageTupleManager(), { throttle: false });
    const seen: State[] = [];
    manager.subscribe(() => manager.values && seen.push(structuredClone(manager.values)));
    await manager.start(
      (signal) =>
        Promise.resolve(
          program.runs.stream(room.id, room.id, {
            input: human('@all hello'),
            streamMode: ['values', 'messages-tuple'],
            signal,
          }) as never,
        ),
      {
        initialValues,
        getMessages: (values) => values.messages,
        setMessages: (values, messages) => ({ ...values, messages }),
        callbacks: {},
        onSuccess: () => undefined,
        onError: (error) => {
          throw error;
        },
      },
    );
    const { values } = await program.threads.getState<State>(room.id);
    expect(manager.values?.messages.map(({ id, content }) => [id, content])).toEqual(
      values.messages.map(({ id, content }) => [id, content]),
    );
    // Replies were seen growing, and nobody's text was ever in another's place.
    const texts = new Map(values.messages.map(({ id, content }) => [id, content as string]));
    expect(seen.length).toBeGreaterThan(3);
    for (const { messages } of seen) {
      const ids = messages.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { id, content } of messages) expect(texts.get(id)).toContain(content);
    }
    product.modelServer.setRules([]);
  });
});

describe('agent-chat-ui', () => {
  test('finds what it asks for: the server’s word, its threads with their messages, a thread made by its first message', async () => {
    const { user, room, program, apiKey } = await start('manual', ['Ada']);
    const other = await createRoom(user.client, { name: 'Other', agents: ['Cy'] });
    await runTurn(user.client, other.id, '@all elsewhere');
    const info = await fetch(`${product.url}/langgraph/info`, { headers: { 'X-Api-Key': apiKey } });
    expect([info.status, await info.json()]).toEqual([200, expect.objectContaining({ version: expect.any(String) })]);
    const { thread_id } = await program.threads.create();
    for await (const { event } of program.runs.stream(thread_id, room.id, {
      input: { messages: [{ id: newId(), type: 'human', content: [{ type: 'text', text: '@all hello' }] }] },
      context: { theme: 'dark' },
      config: { configurable: { theme: 'dark' }, recursion_limit: 25 },
      metadata: { from: 'a page' },
      streamMode: ['values', 'messages-tuple', 'custom'],
      streamSubgraphs: true,
      streamResumable: true,
      onDisconnect: 'continue',
      durability: 'async',
    })) {
      expect(event).not.toBe('error');
    }
    const found = await program.threads.search<State>({ metadata: { assistant_id: room.id }, limit: 100 });
    expect(found.map(({ thread_id: id }) => id)).toEqual(expect.arrayContaining([thread_id, room.id]));
    expect(found.map(({ thread_id: id }) => id)).not.toContain(other.id);
    const mine = found.find(({ thread_id: id }) => id === thread_id)!;
    expect([mine.status, mine.interrupts]).toEqual(['idle', {}]);
    expect(textOf(mine.values.messages[0]!)).toBe('@all hello');
    const history = await program.threads.getHistory<State>(thread_id, { limit: 10 });
    expect(history.map(({ tasks }) => tasks)).toEqual([[], [], []]);
    // “Again” leaves the input out.
    await waitFor(program, thread_id, room.id, '@all and then?');
    const [last] = await program.threads.getHistory<State>(thread_id, { limit: 1 });
    const again = await program.runs.wait(thread_id, room.id, {
      checkpointId: last!.parent_checkpoint!.checkpoint_id!,
    });
    expect((again as unknown as State).messages.map(textOf)[2]).toBe('@all and then?');
    expect(await program.threads.getHistory(thread_id, { limit: 10 })).toHaveLength(7);
  });
});

describe('a page of another site', () => {
  test('may call from where the operator allows it, with a key, and from nowhere else', async () => {
    const { apiKey } = await start();
    const ask = (origin: string, init: RequestInit = {}) =>
      fetch(`${product.url}/langgraph/assistants/search`, {
        method: 'POST',
        body: '{}',
        ...init,
        headers: { Origin: origin, 'Content-Type': 'application/json', ...(init.headers as Record<string, string>) },
      });
    const preflight = {
      method: 'OPTIONS',
      body: null,
      headers: { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type,x-api-key' },
    };
    for (const [origin, allowed] of [
      ['https://chat.example.com', 'https://chat.example.com'],
      ['https://evil.example.com', null],
    ] as const) {
      expect((await ask(origin, preflight)).headers.get('Access-Control-Allow-Origin')).toBe(allowed);
      const answered = await ask(origin, { headers: { 'X-Api-Key': apiKey } });
      expect(answered.headers.get('Access-Control-Allow-Origin')).toBe(allowed);
      expect(answered.headers.get('Access-Control-Allow-Credentials')).toBeNull();
      expect((await ask(origin)).headers.get('Access-Control-Allow-Origin')).toBeNull();
    }
    const info = await fetch(`${product.url}/langgraph/info`, { headers: { Origin: 'https://chat.example.com' } });
    expect([info.status, info.headers.get('Access-Control-Allow-Origin')]).toEqual([200, 'https://chat.example.com']);
  });
});
