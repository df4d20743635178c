/** FR-AUTH-003: what is someone else’s, deleted, absent or no id at all looks the same. */
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  getOwnedAgent,
  getOwnedApiKey,
  getOwnedDirectSession,
  getOwnedFile,
  getOwnedMessage,
  getOwnedRoom,
  getOwnedTurn,
} from '#server/auth/find-owned.ts';
import { createPrisma } from '#server/platform/create-prisma.ts';
import { createPool } from '#server/platform/db.ts';
import { isAppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import type { PrismaClient } from '#server/platform/prisma/client.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

let db: Pool;
let prisma: PrismaClient;
const ann = newId();
const bob = newId();

beforeAll(async () => {
  db = createPool((await createTestDatabase()).url);
  prisma = createPrisma(db);
  await prisma.user.createMany({
    data: [
      { id: ann, email: 'ann@example.com' },
      { id: bob, email: 'bob@example.com' },
    ],
  });
});
afterAll(async () => {
  await prisma.$disconnect();
  await db.end();
});

/** A room, or a direct session, with one of everything in it. */
async function furnish(kind: 'room' | 'direct', ownerId: string) {
  const id = newId();
  const inside = kind === 'room' ? { roomId: id } : { directSessionId: id };
  if (kind === 'room') await prisma.room.create({ data: { id, ownerId, name: 'A room' } });
  else await prisma.directSession.create({ data: { id, ownerId, title: 'A chat', agent: {} } });
  const branch = await prisma.roomSession.create({ data: { id: newId(), conversationId: id, ...inside } });
  const turn = await prisma.turn.create({
    data: {
      id: newId(),
      conversationId: id,
      ...inside,
      branchId: branch.id,
      depth: 0,
      userId: ownerId,
      status: 'completed',
      mode: kind === 'room' ? 'manual' : 'direct',
      queuePosition: 1n,
      pricingVersionId: 1,
      snapshot: {},
    },
  });
  const message = await prisma.message.create({
    data: { id: newId(), turnId: turn.id, index: 0, role: 'user', content: 'Hello' },
  });
  const file = await prisma.file.create({
    data: {
      id: newId(),
      ownerId,
      ...inside,
      name: 'a.txt',
      size: 1,
      mimeType: 'text/plain',
      storageKey: newId(),
      status: 'ready',
    },
  });
  return { id, turn: turn.id, message: message.id, file: file.id };
}

async function agentIn(roomId: string): Promise<string> {
  const { id } = await prisma.roomAgent.create({
    data: {
      id: newId(),
      roomId,
      name: 'Ada',
      nameKey: 'ada',
      modelAlias: 'llama',
      rolePrompt: 'Answer.',
      toolPermissions: {},
      position: 0,
    },
  });
  return id;
}

/** What the client is told: the code and the sentence. */
async function said(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'found';
  } catch (error) {
    if (!isAppError(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const NOTHING = 'not_found: There is nothing here, or it belongs to someone else.';

describe('what a room or a direct session holds (FR-AUTH-003)', () => {
  const app = () => ({ prisma });

  it.each(['room', 'direct'] as const)('in a %s is found by its owner and by nobody else', async (kind) => {
    const made = await furnish(kind, ann);
    const container = kind === 'room' ? getOwnedRoom : getOwnedDirectSession;
    for (const [get, id] of [
      [container, made.id],
      [getOwnedTurn, made.turn],
      [getOwnedMessage, made.message],
      [getOwnedFile, made.file],
    ] as const) {
      expect((await get(app(), ann, id)).id).toBe(id);
      expect(await said(get(app(), bob, id))).toBe(NOTHING);
      expect(await said(get(app(), ann, newId()))).toBe(NOTHING);
      for (const noId of ['', '1', 'not-a-uuid', "' OR 1=1", `${id}0`]) {
        expect(await said(get(app(), ann, noId))).toBe(NOTHING);
      }
    }
  });

  it.each(['room', 'direct'] as const)('is gone with the deleted %s that it was in', async (kind) => {
    const made = await furnish(kind, ann);
    if (kind === 'room') await prisma.room.update({ where: { id: made.id }, data: { deletedAt: new Date() } });
    else await prisma.directSession.update({ where: { id: made.id }, data: { deletedAt: new Date() } });
    const container = kind === 'room' ? getOwnedRoom : getOwnedDirectSession;
    expect(await said(container(app(), ann, made.id))).toBe(NOTHING);
    expect(await said(getOwnedTurn(app(), ann, made.turn))).toBe(NOTHING);
    expect(await said(getOwnedMessage(app(), ann, made.message))).toBe(NOTHING);
    expect(await said(getOwnedFile(app(), ann, made.file))).toBe(NOTHING);
    expect((await container(app(), ann, made.id, { deleted: 'only' })).id).toBe(made.id);
    expect((await container(app(), ann, made.id, { deleted: 'include' })).id).toBe(made.id);
    expect(await said(container(app(), bob, made.id, { deleted: 'only' }))).toBe(NOTHING);
  });

  it('a deleted message or file is found only by who asks for deleted ones', async () => {
    const made = await furnish('room', ann);
    await prisma.message.update({ where: { id: made.message }, data: { deletedAt: new Date() } });
    await prisma.file.update({ where: { id: made.file }, data: { deletedAt: new Date() } });
    for (const [get, id] of [
      [getOwnedMessage, made.message],
      [getOwnedFile, made.file],
    ] as const) {
      expect(await said(get(app(), ann, id))).toBe(NOTHING);
      expect((await get(app(), ann, id, { deleted: 'only' })).id).toBe(id);
    }
  });

  it('an agent is found in its own room only', async () => {
    const [here, elsewhere] = [await furnish('room', ann), await furnish('room', ann)];
    const agentId = await agentIn(here.id);
    expect((await getOwnedAgent(app(), ann, here.id, agentId)).id).toBe(agentId);
    expect(await said(getOwnedAgent(app(), ann, elsewhere.id, agentId))).toBe(NOTHING);
    expect(await said(getOwnedAgent(app(), bob, here.id, agentId))).toBe(NOTHING);
    await prisma.room.update({ where: { id: here.id }, data: { deletedAt: new Date() } });
    expect(await said(getOwnedAgent(app(), ann, here.id, agentId))).toBe(NOTHING);
  });

  it('an API key is found by its owner until it is revoked', async () => {
    const key = await prisma.apiKey.create({
      data: { id: newId(), userId: ann, name: 'k', prefix: 'pan_', keyHash: newId(), scopes: ['read'] },
    });
    expect((await getOwnedApiKey(app(), ann, key.id)).id).toBe(key.id);
    expect(await said(getOwnedApiKey(app(), bob, key.id))).toBe(NOTHING);
    await prisma.apiKey.update({ where: { id: key.id }, data: { revokedAt: new Date() } });
    expect(await said(getOwnedApiKey(app(), ann, key.id))).toBe(NOTHING);
  });
});
