import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addAgent } from '#server/agents/add-agent.ts';
import { ZCreateAgent, ZDirectAgent } from '#server/agents/contract.ts';
import { updateAgent } from '#server/agents/update-agent.ts';
import { ZUpdateDirectSession } from '#server/direct/contract.ts';
import { createDirectSession } from '#server/direct/create-direct-session.ts';
import { deleteDirectSession } from '#server/direct/delete-direct-session.ts';
import { findDirectSessions } from '#server/direct/find-direct-sessions.ts';
import { getDirectSession } from '#server/direct/get-direct-session.ts';
import { restoreDirectSession } from '#server/direct/restore-direct-session.ts';
import { updateDirectSession } from '#server/direct/update-direct-session.ts';
import { newId } from '#server/platform/ids.ts';
import { createRoom } from '#server/rooms/create-room.ts';
import type { StopApp } from '#server/rooms/stop-open-turns.ts';
import { createDataApp, type DataApp } from '#tests/support/data-app.ts';

let app: DataApp & StopApp;
let user: { id: string; plan: string | null };

beforeAll(async () => {
  app = (await createDataApp()) as DataApp & StopApp;
});
beforeEach(async () => {
  user = await app.createUser();
});

const agent = ZDirectAgent.parse({
  name: 'Ada',
  modelAlias: 'llama',
  rolePrompt: 'You are Ada.',
  toolPermissions: { search: true },
});
const open = (session: object = { agent }) => createDirectSession(app, { user, session });
const change = (directSessionId: string, changes: object) =>
  updateDirectSession(app, { user, directSessionId, changes: ZUpdateDirectSession.parse(changes) });
const absent = { code: 'not_found' };

async function seatAda() {
  const room = await createRoom(app, { userId: user.id, room: { name: 'A room', description: '' } });
  return addAgent(app, { user, roomId: room.id, agent: ZCreateAgent.parse(agent) }).then((seated) => ({
    room,
    seated,
  }));
}

describe('FR-DIRECT-001 a direct chat', () => {
  it('is opened with an agent of its own, titled after it, with a first branch', async () => {
    const session = await open();
    expect(session).toMatchObject({ title: 'Ada', agent, deletedAt: null });
    const branches = await app.prisma.roomSession.findMany({ where: { conversationId: session.id } });
    expect(branches).toMatchObject([{ directSessionId: session.id, roomId: null, active: true }]);
    expect((await open({ title: 'Notes', agent })).title).toBe('Notes');
  });

  it('copies a room’s agent, which then goes its own way (FR-DIRECT-002)', async () => {
    const { room, seated } = await seatAda();
    const session = await open({ roomAgentId: seated.id });
    expect(session.agent).toEqual(agent);
    await updateAgent(app, { user, roomId: room.id, agentId: seated.id, changes: { rolePrompt: 'Changed.' } });
    expect(await getDirectSession(app, { userId: user.id, directSessionId: session.id })).toEqual(session);
  });

  it('can’t be opened with somebody else’s agent, which looks absent', async () => {
    const { seated } = await seatAda();
    user = await app.createUser();
    await expect(open({ roomAgentId: seated.id })).rejects.toMatchObject(absent);
    await expect(open({ roomAgentId: newId() })).rejects.toMatchObject(absent);
  });

  it('keeps what a change leaves out', async () => {
    const { id } = await open();
    expect(await change(id, { agent: { rolePrompt: 'Anew.', toolPermissions: { files: true } } })).toMatchObject({
      title: 'Ada',
      agent: { ...agent, rolePrompt: 'Anew.', toolPermissions: { search: true, files: true } },
    });
    expect(await change(id, { title: 'Notes' })).toMatchObject({ title: 'Notes', agent: { rolePrompt: 'Anew.' } });
  });

  it('keeps both of two changes made at once', async () => {
    const { id } = await open();
    await Promise.all([change(id, { agent: { name: 'Bo' } }), change(id, { agent: { memoryPolicy: 'none' } })]);
    expect(await getDirectSession(app, { userId: user.id, directSessionId: id })).toMatchObject({
      agent: { name: 'Bo', memoryPolicy: 'none', rolePrompt: agent.rolePrompt },
    });
  });
});

describe('FR-DIRECT-003 the rules of rooms', () => {
  it('hold for models', async () => {
    const refused = { code: 'model_not_allowed' };
    await expect(open({ agent: { ...agent, modelAlias: 'premium' } })).rejects.toMatchObject(refused);
    const { id } = await open();
    await expect(change(id, { agent: { fallbackAlias: 'deepseek' } })).rejects.toMatchObject(refused);
    user = { ...user, plan: 'pro' };
    expect(await change(id, { agent: { fallbackAlias: 'deepseek' } })).toMatchObject({
      agent: { fallbackAlias: 'deepseek' },
    });
  });

  it('hold for deletion and restoring', async () => {
    const session = await open();
    const ids = { userId: user.id, directSessionId: session.id };
    await deleteDirectSession(app, ids);
    await expect(getDirectSession(app, ids)).rejects.toMatchObject(absent);
    await expect(change(session.id, { title: 'X' })).rejects.toMatchObject(absent);
    expect((await findDirectSessions(app, { userId: user.id })).items).toEqual([]);
    expect((await findDirectSessions(app, { userId: user.id, deleted: true })).items).toHaveLength(1);
    expect(await restoreDirectSession(app, ids)).toMatchObject({ title: 'Ada', deletedAt: null });
    await app.db.query(`UPDATE direct_sessions SET deleted_at = now() - interval '7 days 1 minute' WHERE id = $1`, [
      session.id,
    ]);
    await expect(restoreDirectSession(app, ids)).rejects.toMatchObject({ code: 'restore_expired' });
    expect((await findDirectSessions(app, { userId: user.id, deleted: true })).items).toEqual([]);
  });

  it('hold for strangers', async () => {
    const session = await open();
    const mine = user;
    user = await app.createUser();
    const ids = { userId: user.id, directSessionId: session.id };
    await expect(getDirectSession(app, ids)).rejects.toMatchObject(absent);
    await expect(change(session.id, { title: 'X' })).rejects.toMatchObject(absent);
    await expect(deleteDirectSession(app, ids)).rejects.toMatchObject(absent);
    await expect(restoreDirectSession(app, ids)).rejects.toMatchObject(absent);
    expect(await getDirectSession(app, { ...ids, userId: mine.id })).toEqual(session);
  });
});
