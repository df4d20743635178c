import { newId } from '#server/platform/ids.ts';
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { ApiKey } from '#server/auth/contract.ts';
import type { Message } from '#server/turns/contract.ts';
import type { TestApp, TestUser } from '../support/app.ts';
import { requestLink } from '../support/client.ts';
import { uploadAndParse } from '../support/files.ts';
import { createDirectSession, createRoom } from '../support/rooms.ts';
import { runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, asManager, waitForEvent } from '../turns/scenes.ts';

/** Words that occur nowhere else, each with the place that it was written into. */
export type Canaries = { word: (place: string) => string; all: { place: string; word: string }[] };

export function createCanaries(): Canaries {
  const all: Canaries['all'] = [];
  return {
    all,
    word(place) {
      const word = `canary${randomBytes(8).toString('hex')}`;
      all.push({ place, word });
      return word;
    },
  };
}

/** The places whose words a text holds. */
export function placesIn(text: string, { all }: Canaries): string[] {
  return all.filter(({ word }) => text.includes(word)).map(({ place }) => place);
}

const TOOLS = { search: true, files: true };
const HANG = { text: 'x', hang: 'mid_stream' as const, afterTokens: 2 };

/**
 * Everything that a person can write and have written for them: a hundred canaries, each in one place. The product needs
 * the search server's key; rules of the model server are replaced.
 */
export async function leaveCanaries(product: TestApp, user: TestUser, canaries: Canaries): Promise<void> {
  const { client } = user;
  const { word } = canaries;
  const say = (...rules: Parameters<TestApp['modelServer']['setRules']>[0]) => product.modelServer.setRules(rules);

  await client.patch('/auth/me', { displayName: word('display name') });
  const key = await client.post<{ apiKey: ApiKey }>('/api-keys', {
    name: word('name of an API key'),
    scopes: ['read'],
  });
  expect(key.status).toBe(201);
  const browser = product.client();
  const token = await requestLink(browser, user.email);
  const signedIn = await browser.fetch('/api/v1/auth/verify', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': word('user agent of a session') },
    body: JSON.stringify({ token }),
  });
  expect(signedIn.status).toBe(200);
  await browser.post('/auth/magic-link', {
    email: user.email,
    redirectTo: `/rooms?${word('target of a sign-in link')}`,
  });

  const described = { name: word('name of a server’s tool'), description: word('description of a server’s tool') };
  await product.app.prisma.toolServer.create({
    data: {
      id: newId(),
      userId: user.id,
      name: word('name of a tool server'),
      url: `https://tools.example/${word('address of a tool server')}`,
      header: 'Authorization',
      tools: [{ ...described, title: '', inputSchema: {}, saysReadOnly: false, saysDestructive: false }],
      unasked: [],
    },
  });

  // A roundtable whose agents use tools on files of every kind.
  const agents = ['Ada', 'Bo'].map((name) => ({
    name,
    rolePrompt: `Be ${word(`prompt of ${name}`)}`,
    toolPermissions: TOOLS,
  }));
  const room = await createRoom(client, { name: word('name of a room'), mode: 'roundtable', agents });
  await client.patch(`/rooms/${room.id}`, { description: word('description of a room') });
  const files = [];
  for (const kind of ['txt', 'md', 'csv']) {
    const bytes =
      kind === 'csv'
        ? `name,${word('column of a table')}\nx,${word('cell of a table')}\n`
        : `# ${word(`heading in ${kind}`)}\n\n${word(`text in ${kind}`)}\n`;
    files.push(await uploadAndParse(client, room.id, { name: `${word(`name of a ${kind}`)}.${kind}`, bytes }));
  }
  const query = word('query of a search');
  say(
    {
      match: { lastMessage: 'tools' },
      times: 1,
      behaviour: {
        text: `${word('text before a tool call')} `,
        toolCalls: [
          { name: 'search_web', arguments: { query } },
          { name: 'list_files', arguments: {} },
          { name: 'read_file', arguments: { file: files[0]?.name } },
          { name: 'search_files', arguments: { query: word('query of a file search') } },
          { name: 'csv_query', arguments: { file: files[2]?.name, where: [] } },
          { name: word('name of a tool that isn’t one'), arguments: { what: word('argument of a tool') } },
        ],
      },
    },
    as('Ada', { text: `${word('reply after tools')} [1]` }),
    as('Bo', { text: word('second reply') }),
  );
  const tooled = await runTurn(client, room.id, `Use your tools ${word('message of a roundtable')}`, {
    fileIds: files.map(({ id }) => id),
  });
  expect(tooled.status).toBe('completed');

  // Regenerated, edited, stopped, skipped, failed, cancelled in the queue.
  say(as('Ada', { text: word('regenerated reply') }), as('Bo', { text: word('reply to a regenerated one') }));
  const { body: again } = await client.post<{ turn: { id: string } }>(
    `/turns/${tooled.id}/steps/${tooled.steps[0]?.id}/regenerate`,
  );
  await waitForTurn(client, again.turn.id);
  await runTurn(client, room.id, word('edited message'), { parentTurnId: null });
  say(as('Ada', { ...HANG, text: `${word('text of a stopped reply')} and more and more` }));
  const stopped = await sendTurn(client, room.id, word('message of a stopped turn'));
  await waitForEvent(client, stopped.id, ({ type }) => type === 'step_delta');
  const waiting = await sendTurn(client, room.id, word('message of a cancelled turn'));
  await client.post(`/turns/${waiting.id}/stop`);
  await client.post(`/turns/${stopped.id}/stop`);
  await waitForTurn(client, stopped.id);
  say(as('Ada', { status: 400, errorMessage: word('error of a provider') }), as('Bo', { text: word('reply beside') }));
  await runTurn(client, room.id, word('message of a failing turn'));
  const unknownTag = word('unknown tag');

  // An orchestration, manual mode, a direct chat, a memory that is summed up.
  const council = await createRoom(client, { mode: 'orchestrator', agents: ['Ada', 'Bo'] });
  say(
    asManager('plan', {
      json: {
        rationale: word('rationale of a plan'),
        assignments: [{ agent: 'Ada', instruction: word('instruction of a plan'), group: 1 }],
      },
    }),
    asManager('synthesis', { text: word('synthesis') }),
    as('Ada', { text: word('reply of a worker') }),
  );
  await runTurn(client, council.id, word('message of an orchestration'));
  const manual = await createRoom(client, { agents: ['Ada'] });
  say(as('Ada', { text: word('manual reply') }));
  await runTurn(client, manual.id, `@Ada @${unknownTag} ${word('manual message')}`);
  await client.put(`/rooms/${manual.id}/mode`, { mode: 'roundtable' });

  const cy = word('name of an agent that answers');
  const direct = await createDirectSession(client, {
    name: cy,
    rolePrompt: word('prompt of a direct chat'),
  });
  await client.patch(`/direct-sessions/${direct.id}`, { title: word('title of a direct chat') });
  const home = { directSessionId: direct.id };
  await uploadAndParse(client, home, {
    name: `${word('name of a file in a direct chat')}.txt`,
    bytes: word('its text'),
  });
  say(
    { match: { system: 'You keep the running summary' }, behaviour: { text: word('summary') } },
    as(cy, { text: word('direct reply') }),
  );
  const long = 'lorem ipsum '.repeat(1_200);
  for (let n = 1; n <= 4; n += 1) await runTurn(client, home, `${word(`direct message ${n}`)} ${long}`);
  expect((await client.get(`/direct-sessions/${direct.id}/summary`)).status).toBe(200);

  // A line that a program began.
  const thread = await client.fetch('/langgraph/threads', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ metadata: { topic: word('metadata of a thread') } }),
  });
  expect(thread.status).toBe(200);

  // Deleted things are content too, and so is whatever fills the hundred.
  const { body: page } = await client.get<{ items: Message[] }>(`/rooms/${manual.id}/messages`);
  await client.delete(`/messages/${page.items[0]?.id}`);
  const gone = await createRoom(client, {
    name: word('name of a deleted room'),
    agents: [word('name of an agent')],
  });
  await client.delete(`/rooms/${gone.id}/agents/${gone.agents[0]?.id}`);
  await client.delete(`/rooms/${gone.id}`);
  while (canaries.all.length < 100) {
    say(as('Ada', { text: word(`reply ${canaries.all.length}`) }));
    await runTurn(client, manual.id, word(`message ${canaries.all.length}`));
  }
  say();
}
