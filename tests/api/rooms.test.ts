/** FR-ROOM-001 to 004, FR-AGENT-001 to 003 and FR-DIRECT-001 over HTTP, on the server as it is started for real. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '#server/agents/contract.ts';
import type { DirectSession } from '#server/direct/contract.ts';
import type { Page } from '#server/http/page.ts';
import type { Room } from '#server/rooms/contract.ts';
import { createClient, signIn, type Client } from '#tests/support/client.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { startServer, type ServerProcess } from '#tests/support/server-process.ts';

type Problem = { code: string; status: number; detail: string; errors?: { path: string; message: string }[] };

const ABSENT = '0197f000-0000-7000-8000-000000000000';
let server: ServerProcess;
let db: pg.Pool;
let ann: Client;
let bob: Client;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({ databaseUrl: url });
  db = new pg.Pool({ connectionString: url });
  db.on('error', () => undefined);
  ann = await signIn(server.url, 'ann@example.com');
  bob = await signIn(server.url, 'bob@example.com');
}, 180_000);
afterAll(async () => {
  await server.close();
  await db.end();
});

const agent = { name: 'Ada', modelAlias: 'llama', rolePrompt: 'You are Ada.' };

describe('FR-ROOM-001 rooms', () => {
  it('are made, read, changed, listed, deleted and restored', async () => {
    const made = await ann.post<Room>('/rooms', { name: ' Council ', description: 'Of four.', colour: 'unknown' });
    expect(made.status).toBe(201);
    expect(made.headers.get('Location')).toBe(`/api/v1/rooms/${made.body.id}`);
    expect(made.headers.get('X-Request-Id')).toBeTruthy();
    expect(made.body).toMatchObject({ name: 'Council', currentMode: 'manual', pendingMode: null, agents: [] });
    const path = `/rooms/${made.body.id}`;
    expect((await ann.get<Room>(path)).body).toEqual(made.body);
    expect((await ann.patch<Room>(path, { name: 'Board' })).body).toMatchObject({
      name: 'Board',
      description: 'Of four.',
    });
    expect((await ann.get<Page<Room>>('/rooms')).body.items.map(({ id }) => id)).toContain(made.body.id);
    expect(await ann.delete(path)).toMatchObject({ status: 204, body: null });
    expect((await ann.get(path)).status).toBe(404);
    const deleted = await ann.get<Page<Room>>('/rooms?deleted=true');
    expect(deleted.body).toMatchObject({ items: [{ id: made.body.id, deletedAt: expect.any(String) as string }] });
    expect(await ann.post(`${path}/restore`)).toMatchObject({ status: 200, body: { name: 'Board', deletedAt: null } });
    expect((await ann.get(path)).status).toBe(200);
  });

  it('can’t be restored after seven days', async () => {
    const { id } = await createRoom(ann);
    await ann.delete(`/rooms/${id}`);
    await db.query(`UPDATE rooms SET deleted_at = now() - interval '7 days 1 minute' WHERE id = $1`, [id]);
    expect(await ann.post(`/rooms/${id}/restore`)).toMatchObject({ status: 410, body: { code: 'restore_expired' } });
  });

  it('say what is wrong with a body, at its field, and with a query', async () => {
    expect(await ann.post('/rooms', { name: '  ' })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ path: 'name', message: 'Give the room a name.' }] },
    });
    for (const query of ['limit=0', 'limit=many', 'cursor=nonsense', 'deleted=maybe']) {
      expect(await ann.get(`/rooms?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_query' } });
    }
    const malformed = await ann.fetch('/api/v1/rooms', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"name":',
    });
    expect(malformed.status).toBe(400);
    expect(malformed.headers.get('Content-Type')).toBe('application/problem+json');
  });
});

describe('FR-ROOM-004 the mode', () => {
  it('waits for the next send, and can be taken back', async () => {
    const { id } = await createRoom(ann);
    const set = (mode: string) => ann.put<Room>(`/rooms/${id}/mode`, { mode });
    expect(await set('orchestrator')).toMatchObject({
      status: 200,
      body: { currentMode: 'manual', pendingMode: 'orchestrator' },
    });
    expect(await set('manual')).toMatchObject({ body: { currentMode: 'manual', pendingMode: null } });
    expect(await set('chaos')).toMatchObject({ status: 422, body: { errors: [{ path: 'mode' }] } });
  });
});

describe('FR-AGENT-001 agents', () => {
  it('are added, listed, changed, ordered and removed', async () => {
    const { id: roomId } = await createRoom(ann);
    const agents = `/rooms/${roomId}/agents`;
    const ada = await ann.post<Agent>(agents, agent);
    expect(ada.status).toBe(201);
    expect(ada.headers.get('Location')).toBe(`/api/v1${agents}/${ada.body.id}`);
    const bo = await ann.post<Agent>(agents, { ...agent, name: 'Bo', modelAlias: 'gpt_oss', fallbackAlias: 'qwen' });
    expect((await ann.get<Page<Agent>>(agents)).body).toEqual({ items: [ada.body, bo.body], nextCursor: null });
    expect(await ann.patch(`${agents}/${bo.body.id}`, { active: false })).toMatchObject({
      status: 200,
      body: { active: false, fallbackAlias: 'qwen' },
    });
    const ordered = await ann.put<Page<Agent>>(`${agents}/order`, { agentIds: [bo.body.id, ada.body.id] });
    expect(ordered.body.items.map(({ name, position }) => [name, position])).toEqual([
      ['Bo', 0],
      ['Ada', 1],
    ]);
    expect((await ann.get<Room>(`/rooms/${roomId}`)).body.agents?.map(({ name }) => name)).toEqual(['Bo', 'Ada']);
    expect(await ann.put(`${agents}/order`, { agentIds: [ada.body.id] })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'agentIds' }] },
    });
    expect((await ann.delete(`${agents}/${bo.body.id}`)).status).toBe(204);
    expect((await ann.get<Page<Agent>>(agents)).body.items).toMatchObject([{ name: 'Ada', position: 0 }]);
  });

  it('have names of their own in a room, and models that the plan allows', async () => {
    const { id } = await createRoom(ann, { agents: ['Ada'] });
    const post = (body: object) => ann.post<Problem>(`/rooms/${id}/agents`, { ...agent, ...body });
    expect(await post({ name: 'ADA' })).toMatchObject({ status: 422, body: { errors: [{ path: 'name' }] } });
    expect(await post({ name: 'all' })).toMatchObject({ status: 422, body: { errors: [{ path: 'name' }] } });
    expect(await post({ name: 'Bo', modelAlias: 'premium' })).toMatchObject({
      status: 403,
      body: { code: 'model_not_allowed' },
    });
    expect(await post({ name: 'Bo', modelAlias: 'gpt-9' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'modelAlias' }] },
    });
  });

  it('keep dense positions and distinct names when added at once', async () => {
    const { id } = await createRoom(ann);
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'a', 'b'];
    const replies = await Promise.all(names.map((name) => ann.post(`/rooms/${id}/agents`, { ...agent, name })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 201, 422, 422]);
    const { items } = (await ann.get<Page<Agent>>(`/rooms/${id}/agents`)).body;
    expect(items.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('FR-DIRECT-001 direct chats', () => {
  it('are opened, read, changed, listed, deleted and restored', async () => {
    const made = await ann.post<DirectSession>('/direct-sessions', { agent });
    expect(made).toMatchObject({ status: 201, body: { title: 'Ada', agent: { ...agent, memoryPolicy: 'summary' } } });
    const path = `/direct-sessions/${made.body.id}`;
    expect(made.headers.get('Location')).toBe(`/api/v1${path}`);
    expect((await ann.get(path)).body).toEqual(made.body);
    expect((await ann.patch(path, { title: 'Notes' })).body).toMatchObject({ title: 'Notes', agent: made.body.agent });
    expect((await ann.delete(path)).status).toBe(204);
    expect((await ann.get<Page<DirectSession>>('/direct-sessions')).body.items).toEqual([]);
    expect((await ann.post(`${path}/restore`)).status).toBe(200);
    expect((await ann.get<Page<DirectSession>>('/direct-sessions')).body.items).toHaveLength(1);
  });

  it('copy one of the caller’s room agents, and nobody else’s', async () => {
    const { agents } = await createRoom(ann, { agents: ['Bo Lin'] });
    const roomAgentId = agents[0]?.id;
    expect(await ann.post('/direct-sessions', { roomAgentId })).toMatchObject({
      status: 201,
      body: { title: 'Bo Lin', agent: { name: 'Bo Lin' } },
    });
    const [foreign, absent] = await Promise.all(
      [roomAgentId, ABSENT].map((id) => bob.post<Problem>('/direct-sessions', { roomAgentId: id })),
    );
    expect(foreign).toMatchObject({ status: 404, body: { detail: absent?.body.detail } });
    expect((await ann.post('/direct-sessions', { roomAgentId, agent })).status).toBe(422);
    expect((await ann.post('/direct-sessions', {})).status).toBe(422);
  });
});

describe('FR-ROOM-002 what is someone else’s', () => {
  it('looks as if it were not there, whatever is asked of it and however badly', async () => {
    const room = await createRoom(ann, { agents: ['Ada'] });
    const session = await createDirectSession(ann);
    const agentId = room.agents[0]?.id ?? '';
    const requests: [method: string, path: string, body?: unknown][] = [
      ['GET', `/rooms/ROOM`],
      ['PATCH', `/rooms/ROOM`, { name: '' }],
      ['DELETE', `/rooms/ROOM`],
      ['POST', `/rooms/ROOM/restore`],
      ['PUT', `/rooms/ROOM/mode`, { mode: 'chaos' }],
      ['GET', `/rooms/ROOM/agents?limit=0`],
      ['POST', `/rooms/ROOM/agents`, { name: 7 }],
      ['PUT', `/rooms/ROOM/agents/order`, {}],
      ['PATCH', `/rooms/ROOM/agents/AGENT`, { name: '' }],
      ['DELETE', `/rooms/ROOM/agents/AGENT`],
      ['GET', `/direct-sessions/SESSION`],
      ['PATCH', `/direct-sessions/SESSION`, { title: '' }],
      ['DELETE', `/direct-sessions/SESSION`],
      ['POST', `/direct-sessions/SESSION/restore`],
    ];
    const ask = async (method: string, path: string, body: unknown) => {
      const response = await bob.fetch(`/api/v1${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const { requestId, ...problem } = (await response.json()) as Problem & { requestId: string };
      expect(requestId).toBe(response.headers.get('X-Request-Id'));
      return problem;
    };
    for (const [method, path, body] of requests) {
      const theirs = path.replace('ROOM', room.id).replace('AGENT', agentId).replace('SESSION', session.id);
      const absent = path.replace(/ROOM|AGENT|SESSION/g, ABSENT);
      const malformed = path.replace(/ROOM|AGENT|SESSION/g, 'no-id');
      const answer = await ask(method, theirs, body);
      expect(answer).toMatchObject({ status: 404, code: 'not_found' });
      expect(await ask(method, absent, body)).toEqual(answer);
      expect(await ask(method, malformed, body)).toEqual(answer);
    }
    expect((await ann.get<Room>(`/rooms/${room.id}`)).body).toMatchObject({ name: 'Test room', deletedAt: null });
  });

  it('is out of reach of nobody in particular as well (FR-AUTH-002)', async () => {
    const nobody = createClient(server.url);
    for (const path of ['/rooms', `/rooms/${ABSENT}`, '/direct-sessions', '/plans']) {
      expect(await nobody.get(path)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    }
    expect(await nobody.post('/rooms', {})).toMatchObject({ status: 401 });
  });
});

describe('what needs saying once', () => {
  it('a suspended user reads, and changes nothing', async () => {
    const eve = await signIn(server.url, 'eve@example.com');
    const room = await createRoom(eve);
    await db.query(`UPDATE users SET suspended_at = now() WHERE email = 'eve@example.com'`);
    expect((await eve.get(`/rooms/${room.id}`)).status).toBe(200);
    expect(await eve.patch(`/rooms/${room.id}`, { name: '' })).toMatchObject({
      status: 403,
      body: { code: 'suspended' },
    });
    expect(await eve.patch(`/rooms/${ABSENT}`, { name: 'X' })).toMatchObject({ status: 404 });
  });

  it('plans are offered in credits', async () => {
    const { body } = await ann.get<Page<{ id: string; monthlyMicroCredits: string }>>('/plans');
    expect(body.items.map(({ id, monthlyMicroCredits }) => [id, monthlyMicroCredits])).toEqual([
      ['starter', '495000000'],
      ['pro', '1980000000'],
      ['power', '4180000000'],
    ]);
  });

  it('the OpenAPI document is there for anyone', async () => {
    const { status, body } = await createClient(server.url).get<{ openapi: string }>('/openapi.json');
    expect([status, body.openapi]).toEqual([200, '3.1.0']);
  });

  it('the seeded room is there on the first sign-in', async () => {
    const demo = await signIn(server.url, 'demo@pantheon.local');
    const { body } = await demo.get<Page<Room>>('/rooms');
    expect(body.items.map(({ name }) => name)).toEqual(['Hard questions', 'Big decisions', 'Text workshop']);
  });
});
