import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#server/platform/ids.ts';
import { createRoom } from '#server/rooms/create-room.ts';
import { deleteRoom } from '#server/rooms/delete-room.ts';
import { findRooms } from '#server/rooms/find-rooms.ts';
import { getRoom } from '#server/rooms/get-room.ts';
import { restoreRoom } from '#server/rooms/restore-room.ts';
import { setMode } from '#server/rooms/set-mode.ts';
import type { StopApp } from '#server/rooms/stop-open-turns.ts';
import { updateRoom } from '#server/rooms/update-room.ts';
import { createDataApp, type DataApp } from '#tests/support/data-app.ts';

let app: DataApp & StopApp;
let userId: string;
const kicked: string[] = [];

beforeAll(async () => {
  const runner = { kick: (conversationId: string) => kicked.push(conversationId) };
  app = { ...(await createDataApp()), runner } as unknown as DataApp & StopApp;
});
beforeEach(async () => {
  userId = (await app.createUser()).id;
});

const make = (name: string) => createRoom(app, { userId, room: { name, description: '' } });
const names = async (options: object = {}) => {
  const { items } = await findRooms(app, { userId, ...options });
  return items.map((room) => room.name);
};
const deletedDaysAgo = (roomId: string, days: number) =>
  app.db.query(`UPDATE rooms SET deleted_at = now() - make_interval(secs => $2::float8 * 86400) WHERE id = $1`, [
    roomId,
    days,
  ]);

describe('FR-ROOM-001 FR-ROOM-002 a room', () => {
  it('is made with its owner, in manual mode, with the first branch of its conversation', async () => {
    const room = await make('Council');
    expect(room).toMatchObject({ currentMode: 'manual', pendingMode: null, deletedAt: null, agents: [] });
    const branches = await app.prisma.roomSession.findMany({ where: { roomId: room.id } });
    expect(branches).toMatchObject([{ conversationId: room.id, active: true, headTurnId: null }]);
    expect(await app.prisma.room.findUnique({ where: { id: room.id } })).toMatchObject({ ownerId: userId });
  });

  it('is changed in what is given and nothing else', async () => {
    const { id: roomId } = await createRoom(app, { userId, room: { name: 'A', description: 'about' } });
    expect(await updateRoom(app, { userId, roomId, changes: { name: 'B' } })).toMatchObject({
      name: 'B',
      description: 'about',
    });
    expect(await updateRoom(app, { userId, roomId, changes: { description: '' } })).toMatchObject({
      name: 'B',
      description: '',
    });
  });

  it('is listed with the last changed first, page by page, each once', async () => {
    const rooms = [];
    for (const name of ['A', 'B', 'C', 'D', 'E']) rooms.push(await make(name));
    // Many in the same millisecond, as a program makes them.
    await app.db.query('UPDATE rooms SET updated_at = $2 WHERE owner_id = $1', [userId, new Date()]);
    await updateRoom(app, { userId, roomId: rooms[1]?.id ?? '', changes: { description: 'new' } });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await findRooms(app, { userId, limit: 2, cursor });
      seen.push(...page.items.map((room) => room.name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['B', 'E', 'D', 'C', 'A']);
  });

  it('refuses a cursor that is not its own', async () => {
    await expect(findRooms(app, { userId, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_query' });
  });
});

describe('FR-ROOM-001 a deleted room', () => {
  it('is gone at once, is listed as deleted, and comes back as it was', async () => {
    const { id: roomId } = await make('Kept');
    await make('Other');
    const before = await setMode(app, { userId, roomId, mode: 'roundtable' });
    await deleteRoom(app, { userId, roomId });
    await expect(getRoom(app, { userId, roomId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(deleteRoom(app, { userId, roomId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(updateRoom(app, { userId, roomId, changes: { name: 'X' } })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await names()).toEqual(['Other']);
    expect(await names({ deleted: true })).toEqual(['Kept']);
    const restored = await restoreRoom(app, { userId, roomId });
    expect(restored).toMatchObject({ ...before, updatedAt: restored.updatedAt });
    expect(await names({ deleted: true })).toEqual([]);
    expect(await restoreRoom(app, { userId, roomId })).toEqual(restored);
  });

  it('can be restored for seven days and no longer', async () => {
    const [early, late] = [await make('Early'), await make('Late')];
    await deletedDaysAgo(early.id, 6.99);
    await deletedDaysAgo(late.id, 7.01);
    expect(await names({ deleted: true })).toEqual(['Early']);
    expect(await restoreRoom(app, { userId, roomId: early.id })).toMatchObject({ deletedAt: null });
    await expect(restoreRoom(app, { userId, roomId: late.id })).rejects.toMatchObject({ code: 'restore_expired' });
  });

  it('leaves no turn waiting in it', async () => {
    const { id: roomId } = await make('Busy');
    const branch = await app.prisma.roomSession.findFirstOrThrow({ where: { roomId } });
    const turn = (queuePosition: bigint) =>
      app.prisma.turn.create({
        data: {
          id: newId(),
          conversationId: roomId,
          roomId,
          branchId: branch.id,
          depth: 0,
          userId,
          status: 'queued',
          mode: 'manual',
          queuePosition,
          pricingVersionId: 1,
          snapshot: { roster: [], managerAlias: 'deepseek', models: {}, caps: {}, fileIds: [] },
          messages: { create: { id: newId(), index: -1, role: 'user', content: 'Hello' } },
        },
      });
    await turn(1n);
    await turn(2n);
    await deleteRoom(app, { userId, roomId });
    const turns = await app.prisma.turn.findMany({ where: { roomId } });
    expect(turns.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(kicked).toContain(roomId);
  });
});

describe('FR-ROOM-003 FR-ROOM-004 modes', () => {
  it('setting one changes the pending mode only', async () => {
    const { id: roomId } = await make('A');
    expect(await setMode(app, { userId, roomId, mode: 'roundtable' })).toMatchObject({
      currentMode: 'manual',
      pendingMode: 'roundtable',
    });
    expect(await setMode(app, { userId, roomId, mode: 'orchestrator' })).toMatchObject({
      currentMode: 'manual',
      pendingMode: 'orchestrator',
    });
    expect(await getRoom(app, { userId, roomId })).toMatchObject({ pendingMode: 'orchestrator' });
  });

  it('setting the current one takes a pending change back', async () => {
    const { id: roomId } = await make('A');
    await setMode(app, { userId, roomId, mode: 'roundtable' });
    expect(await setMode(app, { userId, roomId, mode: 'manual' })).toMatchObject({
      currentMode: 'manual',
      pendingMode: null,
    });
  });
});

describe('FR-ROOM-002 someone else’s room', () => {
  it('looks absent to every verb, deleted or not', async () => {
    const { id: roomId } = await make('Mine');
    const stranger = (await app.createUser()).id;
    const absent = { code: 'not_found' };
    const tries = [
      () => getRoom(app, { userId: stranger, roomId }),
      () => updateRoom(app, { userId: stranger, roomId, changes: { name: 'Theirs' } }),
      () => setMode(app, { userId: stranger, roomId, mode: 'roundtable' }),
      () => deleteRoom(app, { userId: stranger, roomId }),
      () => restoreRoom(app, { userId: stranger, roomId }),
    ];
    for (const tried of tries) await expect(tried()).rejects.toMatchObject(absent);
    expect(await getRoom(app, { userId, roomId })).toMatchObject({ name: 'Mine', pendingMode: null });
    await deleteRoom(app, { userId, roomId });
    for (const tried of tries) await expect(tried()).rejects.toMatchObject(absent);
    expect(await findRooms(app, { userId: stranger })).toEqual({ items: [], nextCursor: null });
    expect(await names({ deleted: true })).toEqual(['Mine']);
  });
});
