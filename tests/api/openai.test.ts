/** The OpenAI-compatible endpoint, driven by OpenAI's own client. */
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import {
  ZChatChunk,
  ZChatCompletion,
  ZResponseEvent,
  ZResponseObject,
  type ChatCompletion,
  type ResponseObject,
} from '#server/openai/contract.ts';
import type { Turn } from '#server/turns/contract.ts';
import type { Page } from '#server/http/page.ts';
import { startTestApp, type TestUser } from '#tests/support/app.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { getTurn, sendTurn, waitForTurn } from '#tests/support/turns.ts';

const product = await startTestApp();

async function keyOf(user: TestUser, scopes = ['read', 'write']): Promise<string> {
  const made = await user.client.post<{ key: string }>('/api-keys', { name: 'OpenAI client', scopes });
  expect(made.status).toBe(201);
  return made.body.key;
}

async function openaiOf(user: TestUser, scopes?: string[]): Promise<OpenAI> {
  return new OpenAI({ baseURL: `${product.url}/v1`, apiKey: await keyOf(user, scopes), maxRetries: 0 });
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const ask = (content: string) => [{ role: 'user' as const, content }];

describe('models', () => {
  test('are the caller’s rooms and direct chats, and nobody else’s', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const room = await createRoom(ann.client, { name: 'Council' });
    const direct = await createDirectSession(ann.client);
    await createRoom(bob.client);
    const openai = await openaiOf(ann);
    const models = await openai.models.list();
    expect(models.data.map(({ id }) => id)).toEqual([`room:${room.id}`, `direct:${direct.id}`]);
    expect(await openai.models.retrieve(`room:${room.id}`)).toMatchObject({
      object: 'model',
      created: Math.floor(Date.parse(room.createdAt) / 1000),
      pantheon: { kind: 'room', name: 'Council' },
    });
    const theirs = await openaiOf(bob);
    await expect(theirs.models.retrieve(`room:${room.id}`)).rejects.toThrow(OpenAI.NotFoundError);
  });
});

describe('a chat completion', () => {
  test('has each reply under its agent’s name, the turn’s usage, and who said what', async () => {
    product.modelServer.setRules([
      { match: { system: 'You are Ada' }, behaviour: { text: 'I say yes.' } },
      { match: { system: 'You are Bo' }, behaviour: { text: 'I say no.' } },
    ]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada', 'Bo'], mode: 'roundtable' });
    const openai = await openaiOf(user);
    const completion = await openai.chat.completions.create({
      model: `room:${room.id}`,
      messages: [
        { role: 'system', content: 'Not for the room.' },
        { role: 'user', content: 'Said before.' },
        { role: 'assistant', content: 'Said before.' },
        { role: 'user', content: [{ type: 'text', text: 'Yes or no?' }] },
      ],
    });
    expect(ZChatCompletion.parse(completion)).toEqual(completion);
    const { pantheon } = completion as unknown as ChatCompletion;
    expect(completion.choices[0]?.message.content).toBe('**Ada**\n\nI say yes.\n\n**Bo**\n\nI say no.');
    const turn = await getTurn(user.client, pantheon.turnId);
    expect(turn.message).toBe('Yes or no?');
    expect(completion.usage?.total_tokens).toBe(turn.steps.reduce((sum, { usage }) => sum + usage.totalTokens, 0));
    expect(completion.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(pantheon).toMatchObject({
      status: 'completed',
      chargedMicroCredits: turn.chargedMicroCredits,
      agents: [
        { agentName: 'Ada', content: 'I say yes.', stepId: turn.steps[0]?.id },
        { agentName: 'Bo', content: 'I say no.', stepId: turn.steps[1]?.id },
      ],
    });
  });

  test.each(['manual', 'roundtable', 'orchestrator'] as const)(
    'that is streamed is the same text in the end, in %s mode',
    async (mode) => {
      product.modelServer.setRules([
        { match: { system: 'You are Ada', structured: false }, behaviour: { tokens: 12, tokenDelayMs: 15 } },
        { match: { system: 'You are Bo', structured: false }, behaviour: { tokens: 9 } },
      ]);
      const user = await product.createUser();
      const room = await createRoom(user.client, { agents: ['Ada', 'Bo', 'Cy'], mode });
      const openai = await openaiOf(user);
      const stream = await openai.chat.completions.create({
        model: `room:${room.id}`,
        messages: ask('@all, what now?'),
        stream: true,
      });
      let text = '';
      const speakers: string[] = [];
      const last: unknown[] = [];
      for await (const chunk of stream) {
        ZChatChunk.parse(chunk);
        text += chunk.choices[0]?.delta.content ?? '';
        const { agentName } = (chunk as unknown as { pantheon: { agentName?: string } }).pantheon;
        if (agentName && agentName !== speakers.at(-1)) speakers.push(agentName);
        last[0] = chunk;
      }
      const end = last[0] as ChatCompletion;
      const replies = end.pantheon.agents.filter(({ kind }) => kind !== 'manager');
      expect(text).toBe(replies.map(({ agentName, content }) => `**${agentName}**\n\n${content}`).join('\n\n'));
      // Whoever speaks at the same time is told one after the other, never mixed.
      expect(speakers).toEqual(replies.map(({ agentName }) => agentName));
      expect(end.choices[0]?.finish_reason).toBe('stop');
      expect(end.usage.completion_tokens).toBeGreaterThan(10);
      expect(end.pantheon.plan === undefined).toBe(mode !== 'orchestrator');
      const turn = await getTurn(user.client, end.pantheon.turnId);
      expect(end.pantheon.chargedMicroCredits).toBe(turn.chargedMicroCredits);
    },
  );

  test('gives usage on a chunk of its own to who asks for that', async () => {
    product.modelServer.setRules([]);
    const user = await product.createUser();
    const direct = await createDirectSession(user.client);
    const openai = await openaiOf(user);
    const chunks = await all(
      await openai.chat.completions.create({
        model: `direct:${direct.id}`,
        messages: ask('Hello'),
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    expect(chunks.at(-2)).not.toHaveProperty('usage');
  });

  test('says which agent failed, and goes on with the others', async () => {
    product.modelServer.setRules([
      { match: { system: 'You are Ada' }, behaviour: { status: 400, errorMessage: 'no' } },
      { match: { system: 'You are Bo' }, behaviour: { text: 'Still here.' } },
    ]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada', 'Bo'] });
    const openai = await openaiOf(user);
    const completion = await openai.chat.completions.create({ model: `room:${room.id}`, messages: ask('@all hello') });
    const content = completion.choices[0]?.message.content ?? '';
    expect(content).toMatch(/^\*\*Ada\*\* couldn’t answer: .+\n\n\*\*Bo\*\*\n\nStill here\.$/);
  });

  test('is an error when nobody could answer, streamed or not, and is not tried again', async () => {
    product.modelServer.setRules([{ behaviour: { status: 400 } }]);
    const user = await product.createUser();
    const direct = await createDirectSession(user.client);
    const openai = new OpenAI({ baseURL: `${product.url}/v1`, apiKey: await keyOf(user), maxRetries: 2 });
    const request = { model: `direct:${direct.id}`, messages: ask('Hello') };
    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({ status: 502, code: 'turn_failed' });
    const stream = await openai.chat.completions.create({ ...request, stream: true });
    await expect(all(stream)).rejects.toMatchObject({ code: 'turn_failed' });
    const turns = await user.client.get<Page<Turn>>(`/direct-sessions/${direct.id}/turns`);
    expect(turns.body.items).toHaveLength(2);
  });
});

describe('who hangs up', () => {
  const slow = [{ behaviour: { tokens: 400, tokenDelayMs: 20 } }];

  test('stops the turn', async () => {
    product.modelServer.setRules(slow);
    const user = await product.createUser();
    const direct = await createDirectSession(user.client);
    const openai = await openaiOf(user);
    const stream = await openai.chat.completions.create({
      model: `direct:${direct.id}`,
      messages: ask('Hello'),
      stream: true,
    });
    let turnId = '';
    for await (const chunk of stream) {
      turnId = (chunk as unknown as { pantheon: { turnId: string } }).pantheon.turnId;
      if (chunk.choices[0]?.delta.content) break;
    }
    expect((await waitForTurn(user.client, turnId)).status).toBe('cancelled');
  });

  test('with an idempotency key finds the same turn’s answer by coming back', async () => {
    product.modelServer.setRules([{ behaviour: { tokens: 40, tokenDelayMs: 20 } }]);
    const user = await product.createUser();
    const direct = await createDirectSession(user.client);
    const openai = await openaiOf(user);
    const request = { model: `direct:${direct.id}`, messages: ask('Hello') };
    const options = { headers: { 'Idempotency-Key': 'send-1' } };
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true }, options)) {
      if (chunk.choices[0]?.delta.content) break;
    }
    const completion = await openai.chat.completions.create(request, options);
    const turns = await user.client.get<Page<Turn>>(`/direct-sessions/${direct.id}/turns`);
    expect(turns.body.items).toMatchObject([{ status: 'completed', steps: [{ status: 'completed' }] }]);
    expect(completion.choices[0]?.message.content).toContain(turns.body.items[0]?.steps[0]?.content);
  });
});

describe('errors are in OpenAI’s shape', () => {
  test('a bad key is 401, a missing scope 403', async () => {
    const nobody = new OpenAI({ baseURL: `${product.url}/v1`, apiKey: 'pan_wrong', maxRetries: 0 });
    await expect(nobody.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
    const user = await product.createUser();
    const direct = await createDirectSession(user.client);
    const reader = await openaiOf(user, ['read']);
    expect((await reader.models.list()).data).toHaveLength(1);
    await expect(
      reader.chat.completions.create({ model: `direct:${direct.id}`, messages: ask('Hello') }),
    ).rejects.toMatchObject({ status: 403, code: 'scope_missing' });
  });

  test('an unknown, foreign or malformed model is 404, all alike', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const theirs = await createRoom(bob.client, { agents: ['Ada'] });
    const openai = await openaiOf(ann);
    const failures = [];
    for (const model of [`room:${theirs.id}`, 'room:0197f000-0000-7000-8000-000000000000', 'room:x', 'gpt-4o']) {
      const failed = openai.chat.completions.create({ model, messages: ask('Hello') });
      await expect(failed).rejects.toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
      failures.push(await failed.catch((error: unknown) => (error as Error).message));
    }
    expect(new Set(failures).size).toBe(1);
  });

  test('what can’t be sent is 400 and changes nothing; no credits are 402', async () => {
    const user = await product.createUser({ microCredits: 0n });
    const room = await createRoom(user.client, { agents: ['Ada'] });
    const openai = await openaiOf(user);
    const model = `room:${room.id}`;
    const send = (messages: OpenAI.ChatCompletionMessageParam[]) => openai.chat.completions.create({ model, messages });
    await expect(send(ask('nobody is tagged'))).rejects.toMatchObject({ status: 400, code: 'no_valid_tags' });
    await expect(send([{ role: 'system', content: 'x' }])).rejects.toMatchObject({ status: 400, param: 'messages' });
    const image_url = { url: 'https://example.com/cat.png' };
    await expect(send([{ role: 'user', content: [{ type: 'image_url', image_url }] }])).rejects.toMatchObject({
      status: 400,
      code: 'invalid_input',
    });
    await expect(send(ask('@Ada hello'))).rejects.toMatchObject({ status: 402, code: 'insufficient_credits' });
    expect((await user.client.get<Page<Turn>>(`/rooms/${room.id}/turns`)).body.items).toEqual([]);
  });

  test('so is an address that isn’t there, and a method that isn’t', async () => {
    const { client } = await product.createUser();
    const absent = await client.fetch('/v1/embeddings', { method: 'POST', body: '{}' });
    expect(absent.status).toBe(404);
    expect(await absent.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    const method = await client.fetch('/v1/models', { method: 'DELETE' });
    expect([method.status, method.headers.get('Allow')]).toEqual([405, 'GET']);
    expect(await method.json()).toMatchObject({ error: { code: 'method_not_allowed' } });
  });
});

describe('a response', () => {
  test.each(['roundtable', 'orchestrator'] as const)(
    'has a message for each agent, the same whole and streamed, in %s mode',
    async (mode) => {
      product.modelServer.setRules([
        { match: { system: 'You are Ada', structured: false }, behaviour: { text: 'I say yes.' } },
        { match: { system: 'You are Bo', structured: false }, behaviour: { text: 'I say no.' } },
        { match: { structured: false }, behaviour: { text: 'All in all: maybe.' } },
      ]);
      const user = await product.createUser();
      const room = await createRoom(user.client, { agents: ['Ada', 'Bo'], mode });
      const openai = await openaiOf(user);
      const model = `room:${room.id}`;
      const whole = await openai.responses.create({ model, instructions: 'Not for the room.', input: 'Yes or no?' });
      const { _request_id: _, output_text: text, ...sent } = whole;
      expect(ZResponseObject.parse(sent)).toEqual(sent);
      const { pantheon } = whole as unknown as ResponseObject & { pantheon: ChatCompletion['pantheon'] };
      const replies = pantheon.agents.filter(({ kind }) => kind !== 'manager');
      expect(whole.output.map(({ id }) => id)).toEqual(replies.map(({ stepId }) => `msg_${stepId}`));
      expect(text).toBe(replies.map(({ agentName, content }) => `**${agentName}**\n\n${content}`).join('\n\n'));
      const turn = await getTurn(user.client, pantheon.turnId);
      expect(whole.usage?.total_tokens).toBe(turn.steps.reduce((sum, { usage }) => sum + usage.totalTokens, 0));
      expect([whole.status, pantheon.chargedMicroCredits]).toEqual(['completed', turn.chargedMicroCredits]);

      const input = [{ role: 'user' as const, content: [{ type: 'input_text' as const, text: 'Yes or no?' }] }];
      const stream = openai.responses.stream({ model, input });
      const types = new Set<string>();
      const numbers: number[] = [];
      let streamed = '';
      for await (const event of stream) {
        ZResponseEvent.parse(event);
        types.add(event.type);
        numbers.push(event.sequence_number);
        if (event.type === 'response.output_text.delta') streamed += event.delta;
      }
      expect(numbers).toEqual(numbers.map((_, place) => place));
      expect(streamed).toBe(text);
      expect([...types]).toEqual([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'response.output_item.done',
        'response.completed',
      ]);
      const final = await stream.finalResponse();
      expect(final.output_text).toBe(text);
      expect(final.output).toHaveLength(whole.output.length);
    },
  );

  test('goes on after the one that it names, on a branch of its own', async () => {
    product.modelServer.setRules([]);
    const user = await product.createUser();
    const direct = await createDirectSession(user.client);
    const openai = await openaiOf(user);
    const model = `direct:${direct.id}`;
    const first = await openai.responses.create({ model, input: 'One' });
    const second = await openai.responses.create({ model, input: 'Two', previous_response_id: first.id });
    const third = await openai.responses.create({ model, input: 'Three', previous_response_id: first.id });
    const parents = await Promise.all(
      [second, third].map(async ({ id }) => (await getTurn(user.client, id.replace('resp_', ''))).parentTurnId),
    );
    expect(parents).toEqual([first.id.replace('resp_', ''), first.id.replace('resp_', '')]);
    expect(third.previous_response_id).toBe(first.id);
    expect((await openai.responses.retrieve(third.id)).model).toBe(model);
    for (const previous of ['resp_nonsense', 'resp_0197f000-0000-7000-8000-000000000000']) {
      await expect(
        openai.responses.create({ model, input: 'Four', previous_response_id: previous }),
      ).rejects.toMatchObject({ status: expect.toSatisfy((status: number) => status === 400 || status === 404) });
    }
  });

  test('is read again by its id, while it runs and after, by whom it belongs to', async () => {
    product.modelServer.setRules([]);
    const user = await product.createUser();
    const room = await createRoom(user.client, { agents: ['Ada', 'Bo'], mode: 'orchestrator' });
    const openai = await openaiOf(user);
    const model = `room:${room.id}`;
    const { _request_id: _, ...first } = await openai.responses.create({ model, input: 'One' });
    const { _request_id: __, ...again } = await openai.responses.retrieve(first.id);
    expect(again).toEqual(first);
    product.modelServer.setRules([{ behaviour: { hang: 'first_token' } }]);
    const turn = await sendTurn(user.client, room.id, 'Two');
    const open = await openai.responses.retrieve(`resp_${turn.id}`);
    expect([open.status, open.output, open.previous_response_id]).toEqual(['in_progress', [], first.id]);
    await user.client.post(`/turns/${turn.id}/stop`);
    await waitForTurn(user.client, turn.id);
    expect((await openai.responses.retrieve(`resp_${turn.id}`)).status).toBe('cancelled');
    const stranger = await openaiOf(await product.createUser());
    for (const [client, id] of [
      [stranger, first.id],
      [openai, 'resp_nonsense'],
    ] as const) {
      await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    }
    product.modelServer.setRules([]);
  });

  test('says why nobody could answer: as an error, and in a stream as its end', async () => {
    product.modelServer.setRules([{ behaviour: { status: 400, errorMessage: 'no' } }]);
    const user = await product.createUser();
    const direct = await createDirectSession(user.client);
    const openai = await openaiOf(user);
    const ask = { model: `direct:${direct.id}`, input: 'Hello' };
    await expect(openai.responses.create(ask)).rejects.toMatchObject({ status: 502, code: 'turn_failed' });
    const events = await all(await openai.responses.create({ ...ask, stream: true }));
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error', message: expect.any(String) } },
    });
    const reader = await openaiOf(user, ['read']);
    await expect(reader.responses.create(ask)).rejects.toThrow(OpenAI.PermissionDeniedError);
    await expect(openai.responses.create({ ...ask, model: 'gpt-5' })).rejects.toThrow(OpenAI.NotFoundError);
    await expect(openai.responses.create({ ...ask, input: ' ' })).rejects.toThrow(OpenAI.BadRequestError);
  });

  test('that is hung up on is stopped', async () => {
    product.modelServer.setRules([{ behaviour: { tokens: 400, tokenDelayMs: 50 } }]);
    const user = await product.createUser();
    const direct = await createDirectSession(user.client);
    const openai = await openaiOf(user);
    const stream = await openai.responses.create({ model: `direct:${direct.id}`, input: 'At length', stream: true });
    let turnId = '';
    for await (const event of stream) {
      if (event.type === 'response.created') turnId = event.response.id.replace('resp_', '');
      if (event.type === 'response.output_text.delta') break;
    }
    expect((await waitForTurn(user.client, turnId)).status).toBe('cancelled');
  });
});
