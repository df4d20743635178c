import { beforeEach, expect, test } from 'vitest';
import type { Message, Step, Turn } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { followEvents, getTurn, runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, waitForEvent } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser();
const { client: stranger } = await product.createUser();

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

type Page<T> = { items: T[]; nextCursor: string | null };
const turnsOf = async (roomId: string) => (await client.get<Page<Turn>>(`/rooms/${roomId}/turns`)).body.items;
const messagesOf = async (roomId: string) => (await client.get<Page<Message>>(`/rooms/${roomId}/messages`)).body.items;

test('branches: each turn says which others stand in its place, and a choice goes to the branch that went on last', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const first = await runTurn(client, room.id, '@Ada one');
  expect((await turnsOf(room.id))[0]).not.toHaveProperty('siblingTurnIds');
  const old = await runTurn(client, room.id, '@Ada two');
  const oldChild = await runTurn(client, room.id, '@Ada two, on');
  const edited = await runTurn(client, room.id, '@Ada two, edited', { parentTurnId: first.id });
  const restarted = await runTurn(client, room.id, '@Ada one, anew', { parentTurnId: null });

  expect((await turnsOf(room.id)).map(({ id, siblingTurnIds }) => [id, siblingTurnIds])).toEqual([
    [restarted.id, [first.id, restarted.id]],
  ]);
  const choose = (turnId: string, as = client) => as.put(`/rooms/${room.id}/branch`, { turnId });
  expect((await choose(first.id)).status).toBe(204);
  expect((await turnsOf(room.id)).map(({ id, siblingTurnIds }) => [id, siblingTurnIds])).toEqual([
    [first.id, [first.id, restarted.id]],
    [edited.id, [old.id, edited.id]],
  ]);
  expect((await choose(old.id)).status).toBe(204);
  expect((await turnsOf(room.id)).map(({ id }) => id)).toEqual([first.id, old.id, oldChild.id]);
  const next = await runTurn(client, room.id, '@Ada and on');
  expect(next.parentTurnId, 'what is written next follows what is shown').toBe(oldChild.id);

  const elsewhere = await createRoom(client, { agents: ['Ada'] });
  expect((await client.put(`/rooms/${elsewhere.id}/branch`, { turnId: first.id })).status).toBe(404);
  expect((await choose(old.id, stranger)).status).toBe(404);
  expect((await choose('nonsense')).status).toBe(422);
  expect((await turnsOf(room.id)).at(-1)?.id).toBe(next.id);
});

test('a pin is kept with its message, twice as once, and is its owner’s alone', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada go');
  const [question, answer] = await messagesOf(room.id);
  expect([question?.id, answer?.id], 'ids that a link can be made of').toEqual([turn.id, turn.steps[0]?.id]);
  const path = `/messages/${answer?.id}/pin`;
  expect((await stranger.put(path, {})).status).toBe(404);
  expect((await client.put(path, {})).status).toBe(204);
  const pinned = (await messagesOf(room.id))[1]?.pinnedAt;
  expect(pinned).toEqual(expect.any(String));
  await client.put(path, {});
  expect((await messagesOf(room.id))[1]?.pinnedAt).toBe(pinned);
  expect((await stranger.delete(path)).status).toBe(404);
  expect((await client.delete(path)).status).toBe(204);
  expect((await messagesOf(room.id))[1]).not.toHaveProperty('pinnedAt');
});

test('FR-RT-004: who asks in the middle of an answer gets what was said so far, and goes on without gap or duplicate', async () => {
  product.modelServer.setRules([as('Ada', { tokens: 40, tokenDelayMs: 15 })]);
  const room = await createRoom(client, { agents: ['Ada'] });
  const sent = await sendTurn(client, room.id, '@Ada count');
  let deltas = 0;
  await waitForEvent(client, sent.id, ({ type }) => type === 'step_delta' && (deltas += 1) === 4);
  const middle = await getTurn(client, sent.id);
  const listed = (await turnsOf(room.id))[0];
  expect(middle.steps[0]).toMatchObject({ status: 'running' });
  expect(middle.steps[0]?.content).not.toBe('');
  expect(listed?.steps[0]?.content.startsWith(middle.steps[0]?.content ?? '-')).toBe(true);
  let text = middle.steps[0]?.content ?? '';
  for await (const event of followEvents(client, sent.id, { after: middle.lastSeq })) {
    if (event.type === 'step_delta') text += event.data.text;
  }
  const { steps } = await waitForTurn(client, sent.id);
  expect(text).toBe((steps[0] as Step).content);
});
