/** Read-only links over HTTP: who may make them, what they show to anyone, and when they are gone. */
import { describe, expect, it } from 'vitest';
import type { Page } from '#server/http/page.ts';
import type { NewShare, Share } from '#server/shares/contract.ts';
import { startTestApp } from '#tests/support/app.ts';
import type { Client } from '#tests/support/client.ts';
import { takePrinted } from '#tests/support/printed.ts';
import { uploadAndParse } from '#tests/support/files.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { runTurn } from '#tests/support/turns.ts';

const ABSENT = '0197f000-0000-7000-8000-000000000000';
const DAY = 86_400_000;
const product = await startTestApp();
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

async function open(url: string): Promise<{ status: number; html: string; headers: Headers }> {
  const response = await fetch(url.replace(/^https?:\/\/[^/]+/, product.url));
  const html = await response.text();
  // React 18 warns of a layout effect that the Markdown library has on the server too; it does nothing there.
  expect(takePrinted().filter((line) => !line.includes('useLayoutEffect does nothing on the server'))).toEqual([]);
  return { status: response.status, html, headers: response.headers };
}

async function share(client: Client, path: string, days = 7): Promise<NewShare> {
  const made = await client.post<NewShare>(`${path}/shares`, { expiresAt: inDays(days) });
  expect(made.status).toBe(201);
  return made.body;
}

async function talk(client: Client) {
  product.modelServer.setRules([{ behaviour: { text: 'A **bright** answer.' } }]);
  const room = await createRoom(client, { name: 'Open room', agents: ['Ada'] });
  const first = await runTurn(client, room.id, '@Ada first question');
  const second = await runTurn(client, room.id, '@Ada second question');
  return { room, first, second };
}

describe('a shared link', () => {
  it('shows what was said until it was made, to anyone, and nothing of who pays', async () => {
    const { client, email } = await product.createUser();
    const { room, second } = await talk(client);
    const { share: made, url } = await share(client, `/rooms/${room.id}`);
    expect(made).toMatchObject({
      kind: 'conversation',
      roomId: room.id,
      turnId: second.id,
      conversationName: 'Open room',
    });
    await runTurn(client, room.id, '@Ada third question');
    const page = await open(url);
    expect(page.status).toBe(200);
    for (const text of ['Open room', 'first question', 'second question', 'bright']) expect(page.html).toContain(text);
    for (const secret of ['third question', email, 'llama', 'icroCredits', room.id])
      expect(page.html).not.toContain(secret);
    expect(page.headers.get('X-Robots-Tag')).toContain('noindex');
    expect(page.headers.get('Cache-Control')).toContain('no-store');
    expect(page.html).toMatch(/<meta name="robots" content="noindex/);
  });

  it('to one turn shows that one alone, also of a direct chat', async () => {
    const { client } = await product.createUser();
    const { first } = await talk(client);
    const page = await open((await share(client, `/turns/${first.id}`)).url);
    expect(page.html).toContain('first question');
    expect(page.html).not.toContain('second question');
    const chat = await createDirectSession(client);
    const turn = await runTurn(client, { directSessionId: chat.id }, 'between us');
    expect((await open((await share(client, `/turns/${turn.id}`)).url)).html).toContain('between us');
  });

  it('names the sources of an answer: of a file its name and the place, never its id, a passage that nobody shared, or its owner', async () => {
    const { client, email } = await product.createUser();
    const agent = { name: 'Ada', toolPermissions: { search: false, files: true } };
    const room = await createRoom(client, { agents: [agent] });
    const file = await uploadAndParse(client, room.id, {
      name: 'tides.md',
      bytes: 'High water is at noon, says canary-7f3a.',
    });
    product.modelServer.setRules([
      { match: { lastMessage: 'canary-7f3a' }, behaviour: { text: 'At noon [1].' } },
      { behaviour: { text: '', toolCalls: [{ name: 'read_file', arguments: { file: 'tides.md' } }] } },
    ]);
    const turn = await runTurn(client, room.id, '@Ada when?');
    expect(turn.steps[0]?.citations).toMatchObject([{ number: 1, fileId: file.id }]);
    const { html } = await open((await share(client, `/turns/${turn.id}`)).url);
    expect(html).toContain('tides.md, section 1');
    for (const secret of ['canary-7f3a', file.id, room.id, email, 'storage']) expect(html).not.toContain(secret);
  });

  it('shows no message that was deleted', async () => {
    const { client } = await product.createUser();
    const { room } = await talk(client);
    const { url } = await share(client, `/rooms/${room.id}`);
    const messages = await client.get<Page<{ id: string; content: string }>>(`/rooms/${room.id}/messages`);
    const [first] = messages.body.items;
    await client.delete(`/messages/${first?.id ?? ''}`);
    const { html } = await open(url);
    expect(html).not.toContain('first question');
    expect(html).toContain('second question');
  });

  it('is gone when it is revoked, has expired, or its room is deleted, and looks as if it never was', async () => {
    const { client } = await product.createUser();
    const { room } = await talk(client);
    const [revoked, expired, kept] = [
      await share(client, `/rooms/${room.id}`),
      await share(client, `/rooms/${room.id}`),
      await share(client, `/rooms/${room.id}`),
    ];
    expect((await client.delete(`/shares/${revoked.share.id}`)).status).toBe(204);
    expect((await client.delete(`/shares/${revoked.share.id}`)).status).toBe(404);
    await product.db.query(`UPDATE shares SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      expired.share.id,
    ]);
    expect((await open(revoked.url)).status).toBe(404);
    expect((await open(expired.url)).status).toBe(404);
    expect((await open(`${product.url}/share/nothing`)).status).toBe(404);
    const listed = await client.get<Page<Share>>(`/shares?conversationId=${room.id}`);
    expect(listed.body.items.map(({ id }) => id)).toEqual([kept.share.id]);
    expect((await open(kept.url)).status).toBe(200);
    await client.delete(`/rooms/${room.id}`);
    expect((await open(kept.url)).status).toBe(404);
    expect((await client.get<Page<Share>>('/shares')).body.items).toEqual([]);
    expect(expired.share.id).not.toBe(kept.share.id);
  });

  it('is kept as a hash and written into no log', async () => {
    const { client } = await product.createUser();
    const { room } = await talk(client);
    const { url } = await share(client, `/rooms/${room.id}`);
    const token = url.split('/').at(-1) ?? '';
    await open(url);
    const { rows } = await product.db.query('SELECT * FROM shares');
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(product.logs)).not.toContain(token);
    expect(JSON.stringify(await client.get('/shares'))).not.toContain(token);
  });
});

it('nobody shares or revokes what is someone else’s', async () => {
  const [{ client: ann }, { client: bob }] = [await product.createUser(), await product.createUser()];
  const { room, first } = await talk(ann);
  const { share: made } = await share(ann, `/rooms/${room.id}`);
  const body = { expiresAt: inDays(1) };
  for (const path of [`/rooms/${room.id}`, `/rooms/${ABSENT}`, `/turns/${first.id}`, `/turns/${ABSENT}`]) {
    expect(await bob.post(`${path}/shares`, body)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  }
  expect((await bob.delete(`/shares/${made.id}`)).status).toBe(404);
  expect((await bob.get<Page<Share>>(`/shares?conversationId=${room.id}`)).body.items).toEqual([]);
});

it('a link ends within a year, and an empty room has none', async () => {
  const { client } = await product.createUser();
  const room = await createRoom(client);
  for (const expiresAt of [undefined, 'tomorrow', inDays(-1), inDays(400)]) {
    expect(await client.post(`/rooms/${room.id}/shares`, { expiresAt })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'expiresAt' }] },
    });
  }
  expect(await client.post(`/rooms/${room.id}/shares`, { expiresAt: inDays(1) })).toMatchObject({ status: 409 });
});
