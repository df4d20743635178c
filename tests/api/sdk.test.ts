/** The SDK against the real server, over connections that break. */
import { describe, expect, test } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  ConflictError,
  CreditsError,
  InvalidInputError,
  NotFoundError,
  Pantheon,
  PermissionError,
  type PantheonOptions,
  type TurnEvent,
} from '../../packages/sdk/src/index.ts';
import { startTestApp, type TestUser } from '#tests/support/app.ts';
import { startCuttingProxy } from '#tests/support/cutting-proxy.ts';
import { readEvents } from '#tests/support/turns.ts';

const product = await startTestApp();
const proxy = await startCuttingProxy(product.url);

async function sdkOf(user: TestUser, options: Partial<PantheonOptions> & { scopes?: string[] } = {}) {
  const { scopes = ['read', 'write'], ...rest } = options;
  const made = await user.client.post<{ key: string }>('/api-keys', { name: 'SDK', scopes });
  return new Pantheon({ baseUrl: product.url, apiKey: made.body.key, retryDelayMs: 5, ...rest });
}

const agent = (name: string) => ({ name, modelAlias: 'llama', rolePrompt: `You are ${name}.` }) as const;

test('a room, a turn, its events and its receipt take a few lines', async () => {
  product.modelServer.setRules([]);
  const pantheon = await sdkOf(await product.createUser());
  const room = await pantheon.rooms.create({
    name: 'Council',
    description: '',
    agents: [agent('Ada'), agent('Bo')],
    mode: 'roundtable',
  });
  const turn = await room.send('What are we missing?');
  const texts = new Map<string, string>();
  for await (const event of turn.events()) {
    if (event.type === 'step_started') texts.set(event.stepId, '');
    if (event.type === 'step_delta') texts.set(event.stepId, `${texts.get(event.stepId) ?? ''}${event.data.text}`);
  }
  expect(turn.data.status).toBe('completed');
  expect(turn.data.steps.map((step) => texts.get(step.id))).toEqual(turn.data.steps.map(({ content }) => content));
  const receipt = await turn.receipt();
  expect(receipt.sumMicroCredits).toBe(turn.data.chargedMicroCredits);
  const messages = [];
  for await (const message of room.messages()) messages.push(message.role);
  expect(messages).toEqual(['user', 'agent', 'agent']);
  const rooms = [];
  for await (const { name } of pantheon.rooms.list()) rooms.push(name);
  expect(rooms).toEqual(['Council']);
  expect((await pantheon.wallet()).reservedMicroCredits).toBe('0');
});

test('an answer that breaks off while it is read is asked for again, and the send is one turn', async () => {
  product.modelServer.setRules([]);
  let toBreak = 0;
  let broken = 0;
  const pantheon = await sdkOf(await product.createUser(), {
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (toBreak === broken) return response;
      broken += 1;
      const cut = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
      return new Response(cut, response);
    },
  });
  const room = (await pantheon.rooms.create({ name: 'Far', description: '', agents: [agent('Ada')] })).id;
  toBreak = 2;
  const turn = await pantheon.room(room).send('@all hello');
  expect(broken).toBe(2);
  const { rows } = await product.db.query('SELECT id FROM turns WHERE room_id = $1', [room]);
  expect(rows).toEqual([{ id: turn.id }]);
  for await (const event of turn.events()) expect(event.turnId).toBe(turn.id);
});

describe('200 cut connections', () => {
  test('leave no gap and no duplicate in what is read, live and afterwards', { timeout: 120_000 }, async () => {
    product.modelServer.setRules([{ behaviour: { tokens: 150, tokenDelayMs: 8 } }]);
    const user = await product.createUser();
    const room = await (
      await sdkOf(user)
    ).rooms.create({
      name: 'Far away',
      description: '',
      agents: ['Ada', 'Bo', 'Cy'].map(agent),
    });
    const pantheon = await sdkOf(user, { baseUrl: proxy.url, maxRetries: 20, retryDelayMs: 1 });
    let seed = 7;
    const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    // Anywhere: inside a line, between two, in the head of an answer.
    proxy.cutAfter(() => 200 + Math.floor(chance() * 12_000));
    const expected = new Map<string, TurnEvent[]>();
    let read = 0;
    while (proxy.cuts < 200) {
      const sent = await pantheon.room(room.id).send('@all tell me more');
      for (let reader = 0; reader < 4; reader += 1) {
        const events: TurnEvent[] = [];
        for await (const event of sent.events()) events.push(event);
        if (!expected.has(sent.id)) expected.set(sent.id, (await readEvents(user.client, sent.id)) as TurnEvent[]);
        expect(events).toEqual(expected.get(sent.id));
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
        read += events.length;
      }
    }
    proxy.cutAfter(() => Number.POSITIVE_INFINITY);
    expect(proxy.cuts).toBeGreaterThanOrEqual(200);
    expect(read).toBeGreaterThan(500);
    // Each send was one turn, however often it had to be said.
    const { rows } = await product.db.query('SELECT count(*)::int AS turns FROM turns WHERE room_id = $1', [room.id]);
    expect(rows).toEqual([{ turns: expected.size }]);
  });
});

test('stops a turn, and skips an agent', async () => {
  product.modelServer.setRules([{ behaviour: { tokens: 400, tokenDelayMs: 20 } }]);
  const pantheon = await sdkOf(await product.createUser());
  const room = await pantheon.rooms.create({ name: 'Slow', description: '', agents: [agent('Ada'), agent('Bo')] });
  const turn = await room.send('@all hello');
  for await (const event of turn.events()) {
    if (event.type === 'step_delta') break;
  }
  const [ada] = turn.data.steps;
  await turn.skip(ada?.id ?? '');
  for await (const event of turn.events()) {
    if (event.type === 'step_skipped') expect(event.stepId).toBe(ada?.id);
    if (event.type === 'step_skipped') break;
  }
  await turn.stop();
  const ended = await turn.done();
  expect(ended.status).toBe('cancelled');
  expect(ended.steps.map(({ status }) => status)).toEqual(['skipped', 'cancelled']);
});

test('brings a file in and waits until it can be read', async () => {
  product.modelServer.setRules([]);
  const pantheon = await sdkOf(await product.createUser());
  const room = await pantheon.rooms.create({ name: 'Files', description: '', agents: [agent('Ada')] });
  const file = await room.upload({ name: 'notes.txt', mimeType: 'text/plain', data: 'The sea is blue.' });
  expect(file).toMatchObject({ name: 'notes.txt', status: 'ready' });
  const turn = await room.send('@Ada what colour?', { fileIds: [file.id] });
  expect((await turn.done()).status).toBe('completed');
  const listed = [];
  for await (const { name } of room.files()) listed.push(name);
  expect(listed).toEqual(['notes.txt']);
  const bad = room.upload({ name: 'image.png', mimeType: 'image/png', data: 'no' });
  await expect(bad).rejects.toMatchObject({ status: 415, code: 'unsupported_file_type' });
});

test('a direct chat answers as a room does', async () => {
  product.modelServer.setRules([{ behaviour: { text: 'Here I am.' } }]);
  const pantheon = await sdkOf(await product.createUser());
  const chat = await pantheon.directSessions.create({ agent: agent('Ada') });
  expect(BigInt((await chat.quote('Hello')).maxMicroCredits)).toBeGreaterThan(0n);
  expect((await (await chat.send('Hello')).done()).steps[0]?.content).toBe('Here I am.');
});

describe('errors have types', () => {
  test('by what a program can do about them', async () => {
    const user = await product.createUser({ microCredits: 0n });
    const pantheon = await sdkOf(user);
    const room = await pantheon.rooms.create({ name: 'Poor', description: '', agents: [agent('Ada')] });
    await expect(room.send('@Ada hello')).rejects.toThrow(CreditsError);
    const refused = room.send('nobody');
    await expect(refused).rejects.toThrow(InvalidInputError);
    await expect(refused).rejects.toMatchObject({ code: 'no_valid_tags', fields: { message: expect.any(String) } });
    await expect(pantheon.room('0197f000-0000-7000-8000-000000000000').get()).rejects.toThrow(NotFoundError);
    await expect(new Pantheon({ baseUrl: product.url, apiKey: 'pan_no' }).me()).rejects.toThrow(AuthenticationError);
    const reader = await sdkOf(user, { scopes: ['read'] });
    await expect(reader.rooms.create({ name: 'x', description: '' })).rejects.toThrow(PermissionError);
  });

  test('and the same key for another message is a conflict', async () => {
    product.modelServer.setRules([]);
    const pantheon = await sdkOf(await product.createUser());
    const chat = await pantheon.directSessions.create({ agent: agent('Ada') });
    const [first, again] = [
      await chat.send('One', { idempotencyKey: 'k' }),
      await chat.send('One', { idempotencyKey: 'k' }),
    ];
    expect(again.id).toBe(first.id);
    await expect(chat.send('Two', { idempotencyKey: 'k' })).rejects.toThrow(ConflictError);
  });

  test('a server that is away is a ConnectionError after some tries', async () => {
    let tries = 0;
    const pantheon = new Pantheon({
      baseUrl: 'http://localhost:9',
      apiKey: 'pan_x',
      maxRetries: 2,
      retryDelayMs: 1,
      fetch: (input, init) => {
        tries += 1;
        return fetch(input, init);
      },
    });
    await expect(pantheon.me()).rejects.toThrow(ConnectionError);
    expect(tries).toBe(3);
    // What would be done twice is not tried twice.
    await expect(pantheon.call('post', '/api/v1/rooms', { body: { name: 'x', description: '' } })).rejects.toThrow();
    expect(tries).toBe(4);
  });
});
