import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addAgent } from '#server/agents/add-agent.ts';
import { MAX_AGENTS, ZCreateAgent, ZUpdateAgent, type Agent } from '#server/agents/contract.ts';
import { findAgents } from '#server/agents/find-agents.ts';
import { orderAgents } from '#server/agents/order-agents.ts';
import { removeAgent } from '#server/agents/remove-agent.ts';
import { updateAgent } from '#server/agents/update-agent.ts';
import { createRoom } from '#server/rooms/create-room.ts';
import { createDataApp, type DataApp } from '#tests/support/data-app.ts';

let app: DataApp;
let user: { id: string; plan: string | null };
let roomId: string;

beforeAll(async () => {
  app = await createDataApp();
});
beforeEach(async () => {
  user = await app.createUser();
  roomId = (await createRoom(app, { userId: user.id, room: { name: 'A room', description: '' } })).id;
});

const spec = (name: string, more: object = {}) =>
  ZCreateAgent.parse({ name, modelAlias: 'llama', rolePrompt: `You are ${name}.`, ...more });
const add = (name: string, more: object = {}) => addAgent(app, { user, roomId, agent: spec(name, more) });
const change = (agentId: string, changes: object) =>
  updateAgent(app, { user, roomId, agentId, changes: ZUpdateAgent.parse(changes) });
const remove = (agentId: string) => removeAgent(app, { userId: user.id, roomId, agentId });
const order = (agentIds: string[]) => orderAgents(app, { userId: user.id, roomId, agentIds });

async function seats(): Promise<string[]> {
  const { items } = await findAgents(app, { roomId });
  expect(items.map((agent) => agent.position)).toEqual(items.map((_, index) => index));
  return items.map((agent) => agent.name);
}
const taken = { code: 'invalid_input', options: { errors: [{ path: 'name' }] } };

describe('FR-AGENT-001 a room’s roster', () => {
  it('keeps positions 0..n-1 whatever is added at once', async () => {
    const names = Array.from({ length: 24 }, (_, index) => `Agent ${index}`);
    const added = await Promise.all(names.map((name) => add(name)));
    expect(new Set(added.map((agent) => agent.position)).size).toBe(24);
    expect((await seats()).sort()).toEqual(names.sort());
  });

  it('stays without a gap while agents come, go and move at once', async () => {
    const agents = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F'].map((name) => add(name)));
    const ids = agents.map((agent) => agent.id);
    const outcomes = await Promise.allSettled([
      remove(ids[0] ?? ''),
      add('G'),
      order([...ids].reverse()),
      remove(ids[4] ?? ''),
      add('H'),
      remove(ids[0] ?? ''),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(4);
    expect((await seats()).sort()).toEqual(['B', 'C', 'D', 'F', 'G', 'H']);
  });

  it('gives a name to one of those who ask for it at once', async () => {
    const outcomes = await Promise.allSettled(['Ada', 'ada', 'ADA', 'Ａda', 'aDa'].map((name) => add(name)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(4);
    for (const { reason } of refused) expect(reason).toMatchObject(taken);
    expect(await seats()).toHaveLength(1);
  });

  it('gives two who swap names at once no name twice', async () => {
    const [ada, bo] = [await add('Ada'), await add('Bo')];
    await expect(change(ada.id, { name: 'BO' })).rejects.toMatchObject(taken);
    await Promise.allSettled([change(ada.id, { name: 'Cy' }), change(bo.id, { name: 'cy' })]);
    expect(new Set((await seats()).map((name) => name.toLowerCase())).size).toBe(2);
  });

  it('lets an agent change the case of its own name', async () => {
    const ada = await add('ada');
    expect((await change(ada.id, { name: 'Ada' })).name).toBe('Ada');
  });

  it('closes the gap of one that left, and frees its name', async () => {
    const [ada] = [await add('Ada'), await add('Bo'), await add('Cy')];
    await remove(ada.id);
    expect(await seats()).toEqual(['Bo', 'Cy']);
    await expect(remove(ada.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(change(ada.id, { active: false })).rejects.toMatchObject({ code: 'not_found' });
    expect((await add('ADA')).position).toBe(2);
  });

  it('takes an order of every agent, active or not, once, and no other', async () => {
    const [a, b, c] = [await add('A'), await add('B', { active: false }), await add('C')] as [Agent, Agent, Agent];
    const elsewhere = await createRoom(app, { userId: user.id, room: { name: 'Other', description: '' } });
    const foreign = await addAgent(app, { user, roomId: elsewhere.id, agent: spec('A') });
    const wrong = { code: 'invalid_input', options: { errors: [{ path: 'agentIds' }] } };
    await expect(order([a.id, c.id])).rejects.toMatchObject(wrong);
    await expect(order([a.id, c.id, c.id])).rejects.toMatchObject(wrong);
    await expect(order([a.id, b.id, c.id, c.id])).rejects.toMatchObject(wrong);
    await expect(order([a.id, b.id, foreign.id])).rejects.toMatchObject(wrong);
    expect(await seats()).toEqual(['A', 'B', 'C']);
    expect((await order([c.id, a.id, b.id])).map((agent) => agent.name)).toEqual(['C', 'A', 'B']);
    expect(await seats()).toEqual(['C', 'A', 'B']);
  });

  it(`holds at most ${MAX_AGENTS}`, async () => {
    await app.db.query(
      `INSERT INTO room_agents (id, room_id, name, name_key, model_alias, role_prompt, tool_permissions, position)
       SELECT gen_random_uuid(), $1, 'n' || i, 'n' || i, 'llama', 'x', '{}', i FROM generate_series(0, ${MAX_AGENTS - 2}) i`,
      [roomId],
    );
    const outcomes = await Promise.allSettled([add('A'), add('B'), add('C')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await seats()).toHaveLength(MAX_AGENTS);
  });

  it('pages in the configured order', async () => {
    for (const name of ['A', 'B', 'C']) await add(name);
    const first = await findAgents(app, { roomId, limit: 2 });
    const second = await findAgents(app, { roomId, limit: 2, cursor: first.nextCursor ?? '' });
    expect([first, second].map((page) => page.items.map((agent) => agent.name))).toEqual([['A', 'B'], ['C']]);
    expect(second.nextCursor).toBeNull();
  });
});

describe('FR-AGENT-002 an agent', () => {
  it('has the five things of the specification, and defaults for the rest', async () => {
    expect(await add('Ada')).toMatchObject({
      name: 'Ada',
      modelAlias: 'llama',
      rolePrompt: 'You are Ada.',
      toolPermissions: { search: false, files: false },
      memoryPolicy: 'summary',
      fallbackAlias: null,
      active: true,
      position: 0,
    });
  });

  it('keeps what a change leaves out, each tool permission by itself', async () => {
    const ada = await add('Ada', { toolPermissions: { search: true }, fallbackAlias: 'qwen', memoryPolicy: 'none' });
    expect(await change(ada.id, { toolPermissions: { files: true } })).toEqual({
      ...ada,
      toolPermissions: { search: true, files: true },
    });
    expect(await change(ada.id, { fallbackAlias: null, active: false })).toMatchObject({
      fallbackAlias: null,
      active: false,
      memoryPolicy: 'none',
    });
  });
});

describe('FR-AGENT-003 model aliases', () => {
  const refused = { code: 'model_not_allowed' };

  it('are those that the plan allows, also for the fallback', async () => {
    await expect(add('A', { modelAlias: 'deepseek' })).rejects.toMatchObject(refused);
    await expect(add('A', { fallbackAlias: 'premium' })).rejects.toMatchObject(refused);
    const ada = await add('Ada');
    await expect(change(ada.id, { modelAlias: 'premium' })).rejects.toMatchObject(refused);
    expect(await seats()).toEqual(['Ada']);
    user = { ...user, plan: 'power' };
    expect((await change(ada.id, { modelAlias: 'premium', fallbackAlias: 'deepseek' })).modelAlias).toBe('premium');
  });

  it('chosen under an earlier plan don’t stand in the way of other changes', async () => {
    user = { ...user, plan: 'power' };
    const ada = await add('Ada', { modelAlias: 'premium' });
    user = { ...user, plan: null };
    expect((await change(ada.id, { rolePrompt: 'Anew.', modelAlias: 'premium' })).rolePrompt).toBe('Anew.');
    await expect(change(ada.id, { modelAlias: 'deepseek' })).rejects.toMatchObject(refused);
  });
});

describe('someone else’s room', () => {
  it('looks absent to every verb', async () => {
    const ada = await add('Ada');
    const mine = user;
    user = await app.createUser('power');
    const absent = { code: 'not_found' };
    await expect(add('Bo')).rejects.toMatchObject(absent);
    await expect(change(ada.id, { name: 'Eve' })).rejects.toMatchObject(absent);
    await expect(remove(ada.id)).rejects.toMatchObject(absent);
    await expect(order([ada.id])).rejects.toMatchObject(absent);
    user = mine;
    expect(await seats()).toEqual(['Ada']);
  });
});
