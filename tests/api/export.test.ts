/** Taking everything along, and bringing a room in. */
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { RoomFile } from '#server/export/contract.ts';
import type { Page } from '#server/http/page.ts';
import type { Room } from '#server/rooms/contract.ts';
import type { Message, Turn } from '#server/turns/contract.ts';
import { startTestApp } from '#tests/support/app.ts';
import { createClient, type Client } from '#tests/support/client.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { readEvents, runTurn } from '#tests/support/turns.ts';

const product = await startTestApp();
const ABSENT = '0197f000-0000-7000-8000-000000000000';

async function unzip(client: Client): Promise<Record<string, string>> {
  const response = await client.fetch('/api/v1/export');
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('application/zip');
  const entries = Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer())));
  return Object.fromEntries(entries.map(([path, data]) => [path, strFromU8(data)]));
}

async function talk(client: Client, name = 'Harbour'): Promise<Room> {
  product.modelServer.setRules([{ behaviour: { text: 'The **tide** decides.' } }]);
  const room = await createRoom(client, { name, mode: 'roundtable', agents: ['Ada', { name: 'Bo', active: false }] });
  await runTurn(client, room.id, 'When do we sail?');
  return room;
}

const said = async (client: Client, roomId: string) => {
  const { body } = await client.get<Page<Message>>(`/rooms/${roomId}/messages`);
  return body.items.map(({ role, agentName, content }) => [role, agentName, content]);
};

describe('exporting everything', () => {
  it('is a zip of JSON and Markdown that has it all, and nothing of anyone else', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const room = await talk(ann.client, '../Har/bour: ..');
    await talk(bob.client, 'Bobs own');
    const chat = await createDirectSession(ann.client, 'Ada');
    await runTurn(ann.client, { directSessionId: chat.id }, 'between us');
    const files = await unzip(ann.client);
    const paths = Object.keys(files);
    const folder = `rooms/Har-bour-${room.id.slice(-8)}`;
    expect(paths).toEqual([
      'README.txt',
      'account.json',
      'transactions.json',
      'tool-servers.json',
      `${folder}/room.json`,
      `${folder}/conversation.md`,
      `direct-chats/Ada-${chat.id.slice(-8)}/chat.json`,
      `direct-chats/Ada-${chat.id.slice(-8)}/conversation.md`,
    ]);
    expect(JSON.parse(files['account.json'] ?? '')).toMatchObject({ email: ann.email });
    expect((JSON.parse(files['transactions.json'] ?? '') as unknown[]).length).toBeGreaterThan(0);
    expect(files[`${folder}/conversation.md`]).toContain('When do we sail?\n\n### Ada\n\nThe **tide** decides.');
    expect(JSON.stringify(files)).not.toContain('Bobs own');
  });

  it('has an uploaded file as it was', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { name: 'Files' });
    const text = 'what the file says';
    const made = await client.post<{ file: { id: string }; upload: { url: string; headers: Record<string, string> } }>(
      `/rooms/${room.id}/files`,
      { name: 'note.txt', size: text.length, mimeType: 'text/plain' },
    );
    const { url, headers } = made.body.upload;
    await fetch(new URL(url, product.url), { method: 'PUT', headers, body: text });
    expect((await client.post(`/files/${made.body.file.id}/complete`)).status).toBe(202);
    const files = await unzip(client);
    const path = Object.keys(files).find((each) => each.endsWith('note.txt')) ?? '';
    expect(files[path]).toBe(text);
  });
});

describe('a room as a file', () => {
  it('comes back as it was in another account: agents, mode and what was said, at no cost', async () => {
    const [ann, bob] = [await product.createUser(), await product.createUser()];
    const room = await talk(ann.client);
    const exported = await ann.client.get<RoomFile>(`/rooms/${room.id}/export`);
    expect(exported.headers.get('Content-Disposition')).toContain('attachment');
    expect(JSON.stringify(exported.body)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|icroCredits|@example/);

    const imported = await bob.client.post<Room>('/rooms/import', exported.body);
    expect(imported).toMatchObject({ status: 201, body: { name: 'Harbour', pendingMode: 'roundtable' } });
    expect(imported.body.agents).toMatchObject([
      { name: 'Ada', active: true, rolePrompt: 'You are Ada.' },
      { name: 'Bo', active: false },
    ]);
    expect(await said(bob.client, imported.body.id)).toEqual(await said(ann.client, room.id));
    const again = await bob.client.get<RoomFile>(`/rooms/${imported.body.id}/export`);
    const plain = (file: RoomFile) => ({
      ...file,
      exportedAt: '',
      turns: file.turns.map((turn) => ({ ...turn, at: '' })),
    });
    expect(plain(again.body)).toEqual(plain(exported.body));

    const { body: turns } = await bob.client.get<Page<Turn>>(`/rooms/${imported.body.id}/turns`);
    expect(turns.items).toMatchObject([
      { status: 'completed', chargedMicroCredits: '0', steps: [{ agentName: 'Ada' }] },
    ]);
    const events = await readEvents(bob.client, turns.items[0]?.id ?? '');
    expect(events.map(({ type }) => type)).toEqual(['turn_completed']);
    const went = await runTurn(bob.client, imported.body.id, 'And now?');
    expect(went.status).toBe('completed');
    expect(JSON.stringify(product.modelServer.log.at(-1))).toContain('When do we sail?');
  });

  it('that is not one is refused at its fields, and nothing is made', async () => {
    const { client } = await product.createUser();
    const room = await talk(client);
    const { body: file } = await client.get<RoomFile>(`/rooms/${room.id}/export`);
    const refused: [unknown, string][] = [
      [{}, 'format'],
      [{ ...file, format: 'other' }, 'format'],
      [{ ...file, version: 2 }, 'version'],
      [{ ...file, name: ' ' }, 'name'],
      [{ ...file, agents: [{ ...file.agents[0], name: '' }] }, 'agents.0.name'],
      [{ ...file, agents: [file.agents[0], file.agents[0]] }, 'agents'],
      [{ ...file, turns: [{ message: 1 }] }, 'turns.0.mode'],
    ];
    for (const [body, path] of refused) {
      const reply = await client.post<{ errors: { path: string }[] }>('/rooms/import', body);
      expect(reply.status).toBe(422);
      expect(reply.body.errors.map((error) => error.path)).toContain(path);
    }
    const premium = { ...file, agents: [{ ...file.agents[0], modelAlias: 'premium' }] };
    expect(await client.post('/rooms/import', premium)).toMatchObject({
      status: 403,
      body: { code: 'model_not_allowed' },
    });
    expect((await client.get<Page<Room>>('/rooms')).body.items).toHaveLength(1);
  });

  it('is for its owner alone', async () => {
    const [{ client: ann }, { client: bob }] = [await product.createUser(), await product.createUser()];
    const room = await createRoom(ann);
    expect((await bob.get(`/rooms/${room.id}/export`)).status).toBe(404);
    expect((await bob.get(`/rooms/${ABSENT}/export`)).status).toBe(404);
    const nobody = createClient(product.url);
    expect((await nobody.get('/export')).status).toBe(401);
    expect((await nobody.post('/rooms/import', {})).status).toBe(401);
  });
});
