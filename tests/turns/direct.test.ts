import { beforeEach, expect, test } from 'vitest';
import type { DirectSession } from '#server/direct/contract.ts';
import type { Message } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';
import { readEvents, runTurn } from '../support/turns.ts';
import { as, askedAs, said, usageOf, type Problem } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser();

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

test('a direct chat is one agent and one person; a tag is plain text; it is metered as a room is (FR-DIRECT-001, FR-DIRECT-003)', async () => {
  const direct = await createDirectSession(client, { name: 'Ada', rolePrompt: 'You are terse.' });
  const turn = await runTurn(client, { directSessionId: direct.id }, 'Hello, @Bo?');
  expect(turn).toMatchObject({ mode: 'direct', directSessionId: direct.id, status: 'completed', warnings: [] });
  expect(turn).not.toHaveProperty('roomId');
  expect(turn.steps.map(({ agentName }) => agentName)).toEqual(['Ada']);
  const [asked] = askedAs(product, 'Ada');
  expect(asked?.system).toContain('You are terse.');
  expect(asked?.system).not.toContain('Also in the room');
  expect(said(asked)).toEqual(['Hello, @Bo?']);
  expect((await readEvents(client, turn.id)).at(-1)?.type).toBe('turn_completed');
  const [row] = await usageOf(product, turn.id);
  expect(row).toMatchObject({ direct_session_id: direct.id, room_id: null, purpose: 'agent' });
});

test('a direct chat remembers itself and knows nothing of rooms, nor rooms of it (FR-DIRECT-002)', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', { text: 'The room’s secret is amber.' }, 1)]);
  await runTurn(client, room.id, '@Ada what is the secret?');
  const { body: direct } = await client.post<DirectSession>('/direct-sessions', { roomAgentId: room.agents[0]?.id });
  expect(direct.agent.name).toBe('Ada');
  const first = await runTurn(client, { directSessionId: direct.id }, 'Just us two.');
  await runTurn(client, { directSessionId: direct.id }, 'And again.');
  expect(said(askedAs(product, 'Ada')[1])).toEqual(['Just us two.']);
  expect(said(askedAs(product, 'Ada')[2])).toEqual(['Just us two.', first.steps[0]?.content, 'And again.']);
  await runTurn(client, room.id, '@Ada and here?');
  const inRoom = said(askedAs(product, 'Ada')[3]);
  expect(inRoom).toEqual(['@Ada what is the secret?', 'The room’s secret is amber.', '@Ada and here?']);
});

test('its agent is a copy: what becomes of the room’s doesn’t touch it, and it can be changed for the next send', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const { body: direct } = await client.post<DirectSession>('/direct-sessions', { roomAgentId: room.agents[0]?.id });
  await client.delete(`/rooms/${room.id}`);
  expect((await runTurn(client, { directSessionId: direct.id }, 'Still there?')).status).toBe('completed');
  await client.patch(`/direct-sessions/${direct.id}`, { agent: { rolePrompt: 'You sing.', modelAlias: 'qwen' } });
  const turn = await runTurn(client, { directSessionId: direct.id }, 'Now?');
  expect(askedAs(product, 'Ada')[1]?.system).toContain('You sing.');
  expect(turn.steps[0]?.modelAlias).toBe('qwen');
});

test('its messages are listed, branched and made anew as a room’s are', async () => {
  const direct = await createDirectSession(client);
  const first = await runTurn(client, { directSessionId: direct.id }, 'One');
  await runTurn(client, { directSessionId: direct.id }, 'Two');
  const edited = await runTurn(client, { directSessionId: direct.id }, 'Two, better', { parentTurnId: first.id });
  const { body } = await client.get<{ items: Message[] }>(`/direct-sessions/${direct.id}/messages`);
  expect(body.items.map(({ role, content }) => [role, content])).toEqual([
    ['user', 'One'],
    ['agent', first.steps[0]?.content],
    ['user', 'Two, better'],
    ['agent', edited.steps[0]?.content],
  ]);
  const again = await client.post(`/turns/${edited.id}/steps/${edited.steps[0]?.id}/regenerate`);
  expect(again.status).toBe(202);
});

test('a deleted direct chat takes no more messages', async () => {
  const direct = await createDirectSession(client);
  await client.delete(`/direct-sessions/${direct.id}`);
  const refused = await client.post<Problem>(`/direct-sessions/${direct.id}/turns`, { message: 'Hello?' });
  expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
});
