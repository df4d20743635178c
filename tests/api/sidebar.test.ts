/** Order and unread marks of rooms and direct chats over HTTP. */
import { describe, expect, it } from 'vitest';
import type { Activity } from '#server/conversations/contract.ts';
import { findActivity } from '#server/conversations/find-activity.ts';
import { findNewestTurn } from '#server/conversations/find-newest-turn.ts';
import { findSidebar } from '#server/conversations/find-sidebar.ts';
import { startTestApp, type TestUser } from '#tests/support/app.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { runTurn } from '#tests/support/turns.ts';

const ABSENT = '0197f000-0000-7000-8000-000000000000';
const product = await startTestApp();

const activity = ({ id }: TestUser): Promise<Activity> => findActivity(product.app, id);
const names = async ({ id }: TestUser) => (await findSidebar(product.app, id)).rooms.map(({ name }) => name);

describe('UI-001 the order of the sidebar', () => {
  it('is the last changed first until it is chosen; what is made later comes first', async () => {
    const ann = await product.createUser();
    const rooms = [];
    for (const name of ['A', 'B', 'C']) rooms.push(await createRoom(ann.client, { name }));
    const [a, b, c] = rooms.map(({ id }) => id);
    expect(await names(ann)).toEqual(['C', 'B', 'A']);
    expect((await ann.client.put('/rooms/order', { roomIds: [b, a, c] })).status).toBe(204);
    expect(await names(ann)).toEqual(['B', 'A', 'C']);
    await ann.client.patch(`/rooms/${c ?? ''}`, { description: 'changed' });
    await createRoom(ann.client, { name: 'D' });
    expect(await names(ann)).toEqual(['D', 'B', 'A', 'C']);
    expect((await ann.client.put('/rooms/order', { roomIds: [c] })).status).toBe(204);
    expect(await names(ann)).toEqual(['C', 'D', 'B', 'A']);
  });

  it('is changed for all that are named or for none', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const [a, b] = [await createRoom(ann.client, { name: 'A' }), await createRoom(ann.client, { name: 'B' })];
    const foreign = await createRoom(bob.client, { name: 'Foreign' });
    for (const roomIds of [[a.id, foreign.id], [a.id, ABSENT], [a.id, a.id], ['x']]) {
      expect(await ann.client.put('/rooms/order', { roomIds })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input' },
      });
    }
    expect(await names(ann)).toEqual(['B', 'A']);
    expect(await names(bob)).toEqual(['Foreign']);
    const [c, d] = [await createDirectSession(ann.client, 'C'), await createDirectSession(ann.client, 'D')];
    await ann.client.put('/direct-sessions/order', { directSessionIds: [c.id, d.id] });
    expect((await findSidebar(product.app, ann.id)).chats.map(({ name }) => name)).toEqual(['C', 'D']);
    expect(await ann.client.put('/direct-sessions/order', { directSessionIds: [b.id] })).toMatchObject({ status: 422 });
  });
});

describe('UI-001 FR-RT-002 unread', () => {
  it('is where a turn finished since it was read, in rooms and chats', async () => {
    const ann = await product.createUser();
    const room = await createRoom(ann.client, { agents: ['Ada'] });
    const chat = await createDirectSession(ann.client);
    expect(await activity(ann)).toEqual({ busy: [], unread: [] });
    await runTurn(ann.client, room.id, '@Ada hello');
    await runTurn(ann.client, { directSessionId: chat.id }, 'hello');
    expect((await activity(ann)).unread.sort()).toEqual([room.id, chat.id].sort());
    expect((await ann.client.put(`/rooms/${room.id}/read`)).status).toBe(204);
    expect(await activity(ann)).toEqual({ busy: [], unread: [chat.id] });
    expect((await ann.client.put(`/direct-sessions/${chat.id}/read`)).status).toBe(204);
    expect(await activity(ann)).toEqual({ busy: [], unread: [] });
    await runTurn(ann.client, room.id, '@Ada again');
    expect(await activity(ann)).toEqual({ busy: [], unread: [room.id] });
  });

  it('is marked by its owner alone', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const room = await createRoom(ann.client, { agents: ['Ada'] });
    await runTurn(ann.client, room.id, '@Ada hello');
    expect((await bob.client.put(`/rooms/${room.id}/read`)).status).toBe(404);
    expect((await bob.client.put(`/direct-sessions/${room.id}/read`)).status).toBe(404);
    expect((await ann.client.put(`/direct-sessions/${room.id}/read`)).status).toBe(404);
    expect((await activity(ann)).unread).toEqual([room.id]);
    expect(await activity(bob)).toEqual({ busy: [], unread: [] });
  });

  it('of the open conversation a page learns what was sent last there, its owner’s alone', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const room = await createRoom(ann.client, { agents: ['Ada'] });
    expect(await findNewestTurn(product.app, ann.id, room.id)).toBeNull();
    await runTurn(ann.client, room.id, '@Ada hello');
    const { id } = await runTurn(ann.client, room.id, '@Ada again');
    expect(await findNewestTurn(product.app, ann.id, room.id)).toBe(id);
    expect(await findNewestTurn(product.app, bob.id, room.id)).toBeNull();
  });
});
