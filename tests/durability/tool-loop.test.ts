import { expect, it } from 'vitest';
import pg from 'pg';
import { afterFile } from '../support/after-file.ts';
import { signIn } from '../support/client.ts';
import { startModelServer } from '../support/model-server.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { createRoom } from '../support/rooms.ts';
import { startSearchServer } from '../support/search-server.ts';
import { startServer } from '../support/server-process.ts';
import { startToolServer } from '../support/tool-server.ts';
import { getTurn, readEvents, sendTurn, waitForTurn } from '../support/turns.ts';

/** A killed process in the middle of a tool loop: what was recorded is not done again, what was not is (I2, I3, I4, I5). */
it('a turn whose process is killed between two searches goes on, and the first is not made again', async () => {
  const search = await startSearchServer();
  const look = (query: string) => ({
    text: `Now ${query}. `,
    toolCalls: [{ name: 'search_web', arguments: { query } }],
  });
  const model = await startModelServer({
    rules: [
      { match: { lastMessage: 'What is known of second' }, behaviour: { text: 'One [1], two [2].' } },
      { match: { lastMessage: 'What is known of first' }, behaviour: look('second') },
      { behaviour: look('first') },
    ],
  });
  const { url: databaseUrl } = await createTestDatabase();
  const env = {
    LLM_BASE_URL: model.baseUrl,
    TAVILY_API_KEY: search.apiKey,
    TAVILY_BASE_URL: search.url,
    SIGNUP_CREDITS: '1000',
    SESSION_SECRET: 'the same secret for both processes',
  };
  const first = await startServer({ env, databaseUrl });
  afterFile(async () => {
    await Promise.all([first.close(), search.close(), model.close()]);
  });
  const email = 'ada@example.com';
  const client = await signIn(first.url, email);
  const agents = [{ name: 'Ada', toolPermissions: { search: true, files: false } }];
  const { id } = await createRoom(client, { mode: 'roundtable', agents });
  search.answerWith((query) => [
    { title: query, url: `https://news.example/${query}`, content: `What is known of ${query}.` },
  ]);
  search.hangOn('second');
  const { id: turnId } = await sendTurn(client, id, 'Look twice.');

  // The second search is asked for and never answered.
  const asked = () => search.requests.map(({ body }) => body['query']);
  await expect.poll(asked, { timeout: 20_000 }).toEqual(['first', 'second']);
  await first.kill('SIGKILL');
  search.hangOn(null);

  const second = await startServer({ env, databaseUrl });
  afterFile(() => second.close());
  const again = await signIn(second.url, email);
  const turn = await waitForTurn(again, turnId, { timeoutMs: 60_000 });
  expect(turn.status).toBe('completed');
  expect(turn.steps[0]?.content).toBe('Now first.\n\nNow second.\n\nOne [1], two [2].');
  expect(turn.steps[0]?.toolCalls.map(({ status }) => status)).toEqual(['completed', 'completed']);
  expect(turn.citations?.map(({ number }) => number)).toEqual([1, 2]);

  const events = await readEvents(again, turnId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
  const started = events.findLastIndex(({ type }) => type === 'step_started');
  const shown = events.slice(started).flatMap((event) => (event.type === 'step_delta' ? [event.data.text] : []));
  expect(shown.join('')).toBe(turn.steps[0]?.content);

  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const recorded = await db.query(`SELECT status FROM tool_call_events WHERE turn_id = $1`, [turnId]);
    expect(recorded.rows).toEqual([{ status: 'completed' }, { status: 'completed' }]);
    const charged = await db.query<{ paid: string; spent: string }>(
      `SELECT (SELECT -sum(held_delta) FROM credit_transactions WHERE turn_id = $1 AND kind = 'charge') AS paid,
         (SELECT sum(credits_burned) FROM (SELECT credits_burned FROM tool_call_events WHERE turn_id = $1
            UNION ALL SELECT credits_burned FROM llm_call_events WHERE turn_id = $1) c) AS spent`,
      [turnId],
    );
    expect(charged.rows[0]?.paid).toBe(charged.rows[0]?.spent);
    expect(turn.chargedMicroCredits).toBe(charged.rows[0]?.spent);
    const journal = await db.query(
      `SELECT call_no, attempt, status FROM call_journal WHERE turn_id = $1 AND kind = 'tool' ORDER BY call_no, attempt`,
      [turnId],
    );
    expect(journal.rows).toEqual([
      { call_no: 0, attempt: 1, status: 'ok' },
      { call_no: 1, attempt: 1, status: 'lost' },
      { call_no: 1, attempt: 2, status: 'ok' },
    ]);
    expect(asked()).toEqual(['first', 'second', 'second']);
  } finally {
    await db.end();
  }
});

it('a question outlives its process, and a call of a tool server that was under way is told as unknown and never made again', async () => {
  const tools = await startToolServer();
  const wants = (n: number) => ({
    text: '',
    toolCalls: [{ name: 'Office__send_mail', arguments: { to: `bo${n}@example.com` } }],
  });
  const model = await startModelServer({
    rules: [
      {
        match: { lastMessage: 'outcome is not known' },
        behaviour: { text: 'I can’t say whether the second one went.' },
      },
      { match: { lastMessage: 'first went' }, behaviour: wants(2) },
      { behaviour: wants(1) },
    ],
  });
  const { url: databaseUrl } = await createTestDatabase();
  const env = {
    LLM_BASE_URL: model.baseUrl,
    SIGNUP_CREDITS: '1000',
    SESSION_SECRET: 'the same secret for all processes',
    TOOL_SERVERS_PRIVATE: 'yes',
  };
  const first = await startServer({ env, databaseUrl });
  afterFile(async () => {
    await Promise.all([first.close(), tools.close(), model.close()]);
  });
  const email = 'ada@example.com';
  const client = await signIn(first.url, email);
  const added = await client.post<{ id: string }>('/tool-servers', {
    name: 'Office',
    url: tools.url,
    secret: tools.token,
  });
  expect(added.status).toBe(201);
  const servers = [{ serverId: added.body.id, tools: ['send_mail'] }];
  const agents = [{ name: 'Ada', toolPermissions: { search: false, files: false, servers } }];
  const { id } = await createRoom(client, { mode: 'roundtable', agents });
  const { id: turnId } = await sendTurn(client, id, 'Send two mails.');
  const question = async (by: typeof client) => {
    const turn = await getTurn(by, turnId);
    return turn.steps[0]?.toolCalls.find(({ status }) => status === 'waiting')?.id ?? null;
  };
  await expect.poll(() => question(client), { timeout: 20_000 }).not.toBeNull();
  const asked = await question(client);
  await first.kill('SIGKILL');

  // The same question, and it can be answered before anybody has taken the turn up again.
  const second = await startServer({ env, databaseUrl });
  afterFile(() => second.close());
  const again = await signIn(second.url, email);
  expect(await question(again)).toBe(asked);
  tools.answerWith(() => 'The first went.');
  expect((await again.post(`/tool-approvals/${asked}`, { decision: 'approve' })).status).toBe(204);
  await expect.poll(async () => (await question(again)) ?? asked, { timeout: 60_000 }).not.toBe(asked);
  expect(tools.calls).toHaveLength(1);
  tools.misbehave('hang');
  expect((await again.post(`/tool-approvals/${await question(again)}`, { decision: 'approve' })).status).toBe(204);
  await expect.poll(() => tools.calls.length, { timeout: 20_000 }).toBe(2);
  await second.kill('SIGKILL');
  tools.misbehave(null);

  const third = await startServer({ env, databaseUrl });
  afterFile(() => third.close());
  const last = await signIn(third.url, email);
  const turn = await waitForTurn(last, turnId, { timeoutMs: 60_000 });
  expect(turn.status).toBe('completed');
  expect(turn.steps[0]?.content).toBe('I can’t say whether the second one went.');
  expect(turn.steps[0]?.toolCalls).toMatchObject([
    { id: asked, status: 'completed' },
    { status: 'failed', error: { code: 'unknown_outcome' } },
  ]);
  expect(tools.calls.map(({ args }) => args['to'])).toEqual(['bo1@example.com', 'bo2@example.com']);
  const events = await readEvents(last, turnId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
});
