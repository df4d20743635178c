import { beforeEach, expect, test } from 'vitest';
import type { Message, Turn } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { getTurn, runTurn } from '../support/turns.ts';
import { as, askedAs, asManager, said, type Problem } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser();

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

type Page<T> = { items: T[]; nextCursor: string | null };
const list = (roomId: string, query = '') => client.get<Page<Message>>(`/rooms/${roomId}/messages${query}`);

test('messages come oldest first, each agent’s apart from the others’, each after its parent (FR-MODE-005)', async () => {
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  const turn = await runTurn(client, room.id, 'Go.');
  await runTurn(client, room.id, 'Go on.');
  const { items } = (await list(room.id)).body;
  expect(items.map(({ role, agentName }) => agentName ?? role)).toEqual(['user', 'Ada', 'Bo', 'user', 'Ada', 'Bo']);
  expect(items.map(({ parentId }) => parentId)).toEqual([null, ...items.slice(0, -1).map(({ id }) => id)]);
  expect(items[1]).toMatchObject({ agentId: turn.steps[0]?.agentId, stepId: turn.steps[0]?.id, turnId: turn.id });
  expect(items[0]).not.toHaveProperty('agentId');
  expect(items[0]).not.toHaveProperty('stepId');
});

test('a plan is no message; what the manager sums up is one', async () => {
  const room = await createRoom(client, { mode: 'orchestrator', agents: ['Ada'] });
  product.modelServer.setRules([asManager('synthesis', { text: 'In short: yes.' })]);
  await runTurn(client, room.id, 'Is it?');
  const { items } = (await list(room.id)).body;
  expect(items.map(({ role }) => role)).toEqual(['user', 'agent', 'synthesis']);
  expect(items.at(-1)).toMatchObject({ content: 'In short: yes.', agentName: 'Manager' });
});

test('pages of messages and turns join without a gap or a duplicate', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turns: string[] = [];
  for (const n of [1, 2, 3, 4]) turns.push((await runTurn(client, room.id, `@Ada ${n}`)).id);
  const all = (await list(room.id)).body.items;
  const seen: Message[] = [];
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const { body } = await list(room.id, `?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`);
    seen.push(...body.items);
    cursor = body.nextCursor;
  }
  expect(seen.map(({ id }) => id)).toEqual(all.map(({ id }) => id));

  const newest = (await client.get<Page<Turn>>(`/rooms/${room.id}/turns?limit=3`)).body;
  expect(newest.items.map(({ id }) => id)).toEqual(turns.slice(1));
  const older = (await client.get<Page<Turn>>(`/rooms/${room.id}/turns?limit=3&cursor=${newest.nextCursor}`)).body;
  expect([older.items.map(({ id }) => id), older.nextCursor]).toEqual([turns.slice(0, 1), null]);
  expect((await list(room.id, '?cursor=nonsense')).status).toBe(400);
  expect((await list(room.id, '?branch=nonsense')).status).toBe(400);
});

test('a deleted message leaves the conversation and every agent’s memory, and comes back whole', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  product.modelServer.setRules([as('Ada', { text: 'The code is 1234.' }, 1)]);
  const first = await runTurn(client, room.id, '@Ada remember the code');
  const before = (await list(room.id)).body.items;
  const reply = before[1];
  expect((await client.delete(`/messages/${reply?.id}`)).status).toBe(204);
  expect((await list(room.id)).body.items.map(({ id }) => id)).toEqual([before[0]?.id]);
  expect((await getTurn(client, first.id)).steps[0]?.content).toBe('');
  expect((await client.delete(`/messages/${reply?.id}`)).status).toBe(404);

  await runTurn(client, room.id, '@all which code?');
  expect(said(askedAs(product, 'Ada').at(-1))).toEqual(['@Ada remember the code', '@all which code?']);
  expect(said(askedAs(product, 'Bo').at(-1))).toEqual(['@Ada remember the code', '@all which code?']);

  const restored = await client.post<Message>(`/messages/${reply?.id}/restore`);
  expect(restored.status).toBe(200);
  expect(restored.body).toMatchObject({ id: reply?.id, content: 'The code is 1234.' });
  expect((await list(room.id)).body.items[1]).toEqual(reply);
  await runTurn(client, room.id, '@Ada and now?');
  expect(said(askedAs(product, 'Ada').at(-1))).toContain('The code is 1234.');
});

test('a person’s own message can be deleted too, and after seven days it stays so', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada my secret');
  const [mine] = (await list(room.id)).body.items;
  await client.delete(`/messages/${mine?.id}`);
  expect((await getTurn(client, turn.id)).message).toBe('');
  await runTurn(client, room.id, '@Ada what did I say?');
  expect(JSON.stringify(product.modelServer.log.at(-1)?.messages)).not.toContain('my secret');
  await product.db.query(`UPDATE messages SET deleted_at = now() - interval '8 days' WHERE id = $1`, [mine?.id]);
  const late = await client.post<Problem>(`/messages/${mine?.id}/restore`);
  expect([late.status, late.body.code]).toEqual([410, 'restore_expired']);
});
