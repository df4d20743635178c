/** Rooms as tools, driven by the client of the protocol's own SDK. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, type Progress } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import type { Told } from '#server/mcp/contract.ts';
import type { Turn } from '#server/turns/contract.ts';
import type { Page } from '#server/http/page.ts';
import { afterFile } from '#tests/support/after-file.ts';
import { startTestApp, type TestUser } from '#tests/support/app.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { getTurn, runTurn, waitForTurn } from '#tests/support/turns.ts';

const product = await startTestApp();

async function keyOf(user: TestUser, scopes = ['read', 'write']): Promise<string> {
  return (await user.client.post<{ key: string }>('/api-keys', { name: 'Editor', scopes })).body.key;
}

async function connect(key: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  const transport = new StreamableHTTPClientTransport(new URL(`${product.url}/mcp`), { requestInit });
  await client.connect(transport);
  afterFile(() => client.close());
  return client;
}

async function mcpOf(user: TestUser, scopes?: string[]): Promise<Client> {
  return connect(await keyOf(user, scopes));
}

type Result = { isError?: boolean; text: string; told: Record<string, unknown> };

async function call(
  client: Client,
  name: string,
  args: Record<string, unknown>,
  options?: Parameters<Client['callTool']>[2],
): Promise<Result> {
  const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: args }, undefined, options));
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { ...(result.isError ? { isError: true } : {}), text, told: result.structuredContent ?? {} };
}

async function onlyTurn(user: TestUser, roomId: string): Promise<Turn> {
  for (;;) {
    const { body } = await user.client.get<Page<Turn>>(`/rooms/${roomId}/turns`);
    if (body.items[0]) return body.items[0];
  }
}

describe('rooms as tools', () => {
  test('are listed with what they take, and say which of them only read', async () => {
    const client = await mcpOf(await product.createUser());
    const { tools } = await client.listTools();
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ['list_rooms', true],
      ['ask_room', false],
      ['read_room', true],
      ['stop_turn', false],
    ]);
    const ask = tools.find(({ name }) => name === 'ask_room');
    expect(ask?.inputSchema).toMatchObject({ type: 'object', required: ['room', 'message'] });
    expect(Object.keys(ask?.inputSchema.properties ?? {})).toEqual(['room', 'message', 'agents', 'mode']);
    expect(client.getInstructions()).toContain('list_rooms');
  });

  test('are the caller’s rooms and direct chats, and nobody else’s', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const room = await createRoom(ann.client, { name: 'Council', agents: ['Ada', { name: 'Bo', active: false }] });
    const direct = await createDirectSession(ann.client, 'Cy');
    const { told } = await call(await mcpOf(ann), 'list_rooms', {});
    expect(told).toMatchObject({
      rooms: [
        { id: `room:${room.id}`, name: 'Council', mode: 'manual', agents: [{ name: 'Ada', model: 'llama' }] },
        { id: `direct:${direct.id}`, mode: 'direct', agents: [{ name: 'Cy', model: 'llama' }] },
      ],
      more: false,
    });
    expect((await call(await mcpOf(ann), 'list_rooms', { search: 'counc' })).told['rooms']).toHaveLength(1);
    const theirs = await mcpOf(bob);
    expect((await call(theirs, 'list_rooms', {})).told).toEqual({ rooms: [], more: false });
    for (const named of [`room:${room.id}`, `direct:${direct.id}`, 'Council', 'room:nonsense']) {
      for (const tool of ['ask_room', 'read_room']) {
        const refused = await call(theirs, tool, { room: named, message: 'Hello' });
        expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('Call list_rooms') });
        expect(refused.text).not.toContain(room.id);
      }
    }
    const turn = await runTurn(ann.client, room.id, '@Ada hello');
    expect(await call(theirs, 'stop_turn', { turnId: turn.id })).toMatchObject({ isError: true });
  });

  test('answer a call with each agent’s text under its name and the credits of the receipt, telling who is at work', async () => {
    product.modelServer.setRules([
      { match: { system: 'You are Ada' }, behaviour: { text: 'I say yes.' } },
      { match: { system: 'You are Bo' }, behaviour: { text: 'I say no.' } },
    ]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { name: 'Council', agents: ['Ada', 'Bo'] });
    const client = await mcpOf(user);
    const progress: Progress[] = [];
    const asked = { room: 'Council', message: 'Yes or no?', mode: 'roundtable' };
    const { text, told } = await call(client, 'ask_room', asked, { onprogress: (one) => progress.push(one) });
    const turn = await onlyTurn(user, room.id);
    const credits = Number(turn.chargedMicroCredits) / 1_000_000;
    expect(turn).toMatchObject({ mode: 'roundtable', message: 'Yes or no?' });
    expect(told).toMatchObject({
      turnId: turn.id,
      status: 'completed',
      answers: [
        { agent: 'Ada', content: 'I say yes.', status: 'completed' },
        { agent: 'Bo', content: 'I say no.', status: 'completed' },
      ],
      credits,
    });
    expect(text).toContain('**Ada**\n\nI say yes.\n\n**Bo**\n\nI say no.');
    const lines = progress.map(({ message }) => message);
    expect(lines).toEqual([
      `Turn ${turn.id} has started.`,
      'Ada is at work.',
      'Ada has answered.',
      'Bo is at work.',
      'Bo has answered.',
    ]);
    const read = await call(client, 'read_room', { room: `room:${room.id}` });
    expect(read.told).toMatchObject({ turns: [{ turnId: turn.id, answers: [{ agent: 'Ada' }, { agent: 'Bo' }] }] });
    const { body } = await user.client.get<{ sumMicroCredits: string }>(`/turns/${turn.id}/receipt`);
    expect(Number(body.sumMicroCredits) / 1_000_000).toBe((told as Told).credits);
  });

  test('take the agents who are to answer, by names that need quotes too', async () => {
    product.modelServer.setRules([]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada', 'Mary Ann'] });
    const client = await mcpOf(user);
    const refused = await call(client, 'ask_room', { room: `room:${room.id}`, message: 'Hello' });
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('`agents`') });
    const asked = { room: `room:${room.id}`, message: 'Hello', agents: ['Mary Ann'] };
    expect((await call(client, 'ask_room', asked)).told['answers']).toMatchObject([{ agent: 'Mary Ann' }]);
    const direct = await createDirectSession(user.client);
    const wrong = await call(client, 'ask_room', { room: `direct:${direct.id}`, message: 'Hi', mode: 'manual' });
    expect(wrong).toMatchObject({ isError: true, text: expect.stringContaining('has no mode') });
  });

  test('of a failed turn say why', async () => {
    product.modelServer.setRules([{ behaviour: { status: 400, errorMessage: 'no' } }]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada'] });
    const asked = { room: `room:${room.id}`, message: 'Hello', agents: ['all'] };
    const failed = await call(await mcpOf(user), 'ask_room', asked);
    expect(failed).toMatchObject({ isError: true, text: expect.stringContaining('Ada') });
  });
});

describe('the rules of the page hold', () => {
  test('a key that is wrong, or none, is 401', async () => {
    await expect(connect('pan_wrong')).rejects.toThrow(/401|not valid/);
    const nobody = await fetch(`${product.url}/mcp`, { method: 'POST', body: '{}' });
    expect(nobody.status).toBe(401);
  });

  test('a key that may only read lists and reads, and is told what it lacks', async () => {
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada'] });
    const turn = await runTurn(user.client, room.id, '@Ada hello');
    const reader = await mcpOf(user, ['read']);
    expect((await call(reader, 'list_rooms', {})).told['rooms']).toHaveLength(1);
    expect((await call(reader, 'read_room', { room: `room:${room.id}` })).told['turns']).toHaveLength(1);
    const asked = { room: `room:${room.id}`, message: '@Ada again', mode: 'roundtable' };
    for (const refused of [
      await call(reader, 'ask_room', asked),
      await call(reader, 'stop_turn', { turnId: turn.id }),
    ]) {
      expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('scope_missing') });
    }
    expect((await user.client.get(`/rooms/${room.id}`)).body).toMatchObject({ pendingMode: null });
  });

  test('a suspended user reads and asks nothing', async () => {
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada'] });
    const client = await mcpOf(user);
    await product.db.query('UPDATE users SET suspended_at = now() WHERE id = $1', [user.id]);
    expect((await call(client, 'list_rooms', {})).told['rooms']).toHaveLength(1);
    const refused = await call(client, 'ask_room', { room: `room:${room.id}`, message: '@Ada hello' });
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('suspended') });
  });

  test('without credits nothing is sent', async () => {
    const user = await product.createUser({ microCredits: 1n });
    const room = await createRoom(user.client, { agents: ['Ada'] });
    const refused = await call(await mcpOf(user), 'ask_room', { room: `room:${room.id}`, message: '@Ada hello' });
    expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(/insufficient_credits\)\n.*Billing/) });
    expect((await user.client.get<Page<Turn>>(`/rooms/${room.id}/turns`)).body.items).toEqual([]);
  });

  test('requests are counted with the key’s others, and arguments are judged', async () => {
    const user = await product.createUser();
    const key = await keyOf(user);
    const answer = await fetch(`${product.url}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('RateLimit-Remaining')).toMatch(/^\d+$/);
    await answer.body?.cancel();
    const client = await connect(key);
    const refused = await call(client, 'ask_room', { room: 'x', message: '', mode: 'chaos' });
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('mode') });
  });
});

describe('a call', () => {
  test('that is cancelled stops its turn', async () => {
    product.modelServer.setRules([{ behaviour: { tokens: 400, tokenDelayMs: 50 } }]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada'] });
    const client = await mcpOf(user);
    const cancel = new AbortController();
    const asked = { room: `room:${room.id}`, message: '@Ada at length' };
    const calling = call(client, 'ask_room', asked, {
      signal: cancel.signal,
      onprogress: ({ message }) => message === 'Ada is at work.' && cancel.abort(),
    });
    await expect(calling).rejects.toThrow();
    const turn = await onlyTurn(user, room.id);
    expect((await waitForTurn(user.client, turn.id)).status).toBe('cancelled');
  });

  test('whose connection is lost goes on, and is read from the room', async () => {
    product.modelServer.setRules([{ behaviour: { tokens: 20, tokenDelayMs: 20 } }]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada'] });
    const client = await mcpOf(user);
    const calling = call(
      client,
      'ask_room',
      { room: `room:${room.id}`, message: '@Ada at length' },
      {
        onprogress: ({ message }) => message === 'Ada is at work.' && void client.close(),
      },
    );
    await expect(calling).rejects.toThrow();
    const turn = await onlyTurn(user, room.id);
    expect((await waitForTurn(user.client, turn.id)).status).toBe('completed');
    const read = await call(await mcpOf(user), 'read_room', { room: `room:${room.id}` });
    expect(read.told).toMatchObject({ turns: [{ turnId: turn.id, status: 'completed' }] });
  });

  test('is stopped by its turn as well, from another connection', async () => {
    product.modelServer.setRules([{ behaviour: { tokens: 400, tokenDelayMs: 50 } }]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada'] });
    const [client, other] = [await mcpOf(user), await mcpOf(user)];
    const asked = { room: `room:${room.id}`, message: '@Ada at length' };
    const { told } = await call(client, 'ask_room', asked, {
      onprogress: ({ message = '' }) => {
        const turnId = /^Turn (\S+) has started/.exec(message)?.[1];
        if (turnId) void call(other, 'stop_turn', { turnId });
      },
    });
    expect(told).toMatchObject({ status: 'cancelled' });
    expect(await getTurn(user.client, String(told['turnId']))).toMatchObject({ status: 'cancelled' });
  });
});
