/** Full-text search over HTTP, on messages that were really sent and answered. */
import { describe, expect, it } from 'vitest';
import type { Page } from '#server/http/page.ts';
import type { SearchHit } from '#server/search/contract.ts';
import { startTestApp } from '#tests/support/app.ts';
import { createClient, type Client } from '#tests/support/client.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { runTurn } from '#tests/support/turns.ts';

const ABSENT = '0197f000-0000-7000-8000-000000000000';
const product = await startTestApp();

async function search(client: Client, q: string, more: Record<string, string> = {}): Promise<SearchHit[]> {
  const found = await client.get<Page<SearchHit>>(`/search?${new URLSearchParams({ q, ...more }).toString()}`);
  expect(found.status).toBe(200);
  return found.body.items;
}
const marked = ({ snippet }: SearchHit) => snippet.filter(({ match }) => match).map(({ text }) => text);
const says = (text: string) => product.modelServer.setRules([{ behaviour: { text } }]);

describe('UI-001 finding what was said', () => {
  it('finds a person’s and an agent’s words, newest first, in any form, with what matched', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { name: 'Harbour', agents: ['Ada'] });
    says('**Lighthouses** blink.');
    const turn = await runTurn(client, room.id, '@Ada what does a lighthouse do?');
    const hits = await search(client, 'lighthouse');
    expect(hits.map(({ role, agentName }) => [role, agentName])).toEqual([
      ['agent', 'Ada'],
      ['user', undefined],
    ]);
    expect(hits[0]).toMatchObject({ roomId: room.id, turnId: turn.id, conversationName: 'Harbour' });
    expect(hits.map(marked)).toEqual([['Lighthouses'], ['lighthouse']]);
    expect(hits[0]?.snippet.map(({ text }) => text).join('')).toBe('Lighthouses blink.');
  });

  it('knows unfinished words, phrases, or, and minus', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    says('ok');
    await runTurn(client, room.id, '@Ada the quick brown fox');
    await runTurn(client, room.id, '@Ada the brown quick bear');
    const found = async (q: string) => (await search(client, q)).length;
    expect(await found('quic')).toBe(2);
    expect(await found('"quick brown"')).toBe(1);
    expect(await found('fox or bear')).toBe(2);
    expect(await found('quick -fox')).toBe(1);
    expect(await found('quick fox bear')).toBe(0);
  });

  it('finds parts of words, and scripts without spaces, when no word is found', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    says('ok');
    await runTurn(client, room.id, '@Ada 東京に行きたいです, error E_100%_DONE');
    expect((await search(client, '行きたい')).map(marked)).toEqual([['行きたい']]);
    expect((await search(client, '0%_D')).map(marked)).toEqual([['0%_D']]);
    expect(await search(client, '0X_D')).toEqual([]);
  });

  it('gives text and never markup, whatever a message holds', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    says('ok');
    await runTurn(client, room.id, '@Ada \u0002planted\u0003 <img src=x onerror=alert(1)> needle');
    const [hit] = await search(client, 'needle');
    expect(hit && marked(hit)).toEqual(['needle']);
    expect(hit?.snippet.map(({ text }) => text).join('')).toContain('planted <img src=x onerror=alert(1)> needle');
  });

  it('pages through everything once, and stays in one conversation when asked', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    const chat = await createDirectSession(client);
    says('no');
    for (const n of [1, 2, 3]) await runTurn(client, room.id, `@Ada pebble ${n}`);
    await runTurn(client, { directSessionId: chat.id }, 'pebble 4');
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const params = new URLSearchParams({ q: 'pebble', limit: '2', ...(cursor === null ? {} : { cursor }) });
      const page: { body: Page<SearchHit> } = await client.get<Page<SearchHit>>(`/search?${params.toString()}`);
      seen.push(...page.body.items.map(({ snippet }) => snippet.map(({ text }) => text).join('')));
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['pebble 4', '@Ada pebble 3', '@Ada pebble 2', '@Ada pebble 1']);
    expect(await search(client, 'pebble', { conversationId: chat.id })).toMatchObject([{ directSessionId: chat.id }]);
    expect(await search(client, 'pebble', { conversationId: ABSENT })).toEqual([]);
  });

  it('takes a message of any length', async () => {
    const { client } = await product.createUser();
    const room = await createRoom(client, { agents: ['Ada'] });
    says('ok');
    const words = Array.from({ length: 14_000 }, (_, n) => `\u{20000}${n.toString(36)}`).join(' ');
    await runTurn(client, room.id, `@Ada landmark ${words}`.slice(0, 99_990));
    expect(await search(client, 'landmark')).toHaveLength(1);
  });
});

describe('what is not found', () => {
  it('is someone else’s, deleted, or in something deleted', async () => {
    const [{ client: ann }, { client: bob }] = [await product.createUser(), await product.createUser()];
    const room = await createRoom(ann, { agents: ['Ada'] });
    says('ok');
    await runTurn(ann, room.id, '@Ada secretword one');
    expect(await search(ann, 'secretword')).toHaveLength(1);
    expect(await search(bob, 'secretword')).toEqual([]);
    expect(await search(bob, 'secretword', { conversationId: room.id })).toEqual([]);
    const [hit] = await search(ann, 'secretword');
    await ann.delete(`/messages/${hit?.messageId ?? ''}`);
    expect(await search(ann, 'secretword')).toEqual([]);
    await ann.post(`/messages/${hit?.messageId ?? ''}/restore`);
    await ann.delete(`/rooms/${room.id}`);
    expect(await search(ann, 'secretword')).toEqual([]);
    await ann.post(`/rooms/${room.id}/restore`);
    expect(await search(ann, 'secretword')).toHaveLength(1);
  });

  it('a bad query is refused by name, and nobody searches nothing', async () => {
    const { client } = await product.createUser();
    for (const query of [
      '',
      '?q=',
      '?q=%20',
      `?q=${'x'.repeat(201)}`,
      '?q=a&conversationId=1',
      '?q=a&cursor=x',
      '?q=a&limit=0',
    ]) {
      expect(await client.get(`/search${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_query' } });
    }
    for (const q of ['"', '!', "a' & b", '((', '&|!<->', 'a:*', '\\', '%', '-x', 'the']) {
      expect((await client.get(`/search?${new URLSearchParams({ q }).toString()}`)).status).toBe(200);
    }
    expect((await createClient(product.url).get('/search?q=a')).status).toBe(401);
  });
});
