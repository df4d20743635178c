import { expect, test } from 'vitest';
import type { File } from '#server/files/contract.ts';
import type { InGrace, Purge, Retention } from '#server/retention/contract.ts';
import { runPurges } from '#server/retention/run-purges.ts';
import { warnOfRetention } from '#server/retention/warn-of-retention.ts';
import type { Message, Turn } from '#server/turns/contract.ts';
import { startTestApp } from '../support/app.ts';
import { readMailbox, signIn } from '../support/client.ts';
import { dumpDatabase } from '../support/dump.ts';
import { uploadAndParse } from '../support/files.ts';
import { createDirectSession, createRoom, type TestRoom } from '../support/rooms.ts';
import { readEvents, runTurn } from '../support/turns.ts';
import { as, asManager } from '../turns/scenes.ts';
import { createCanaries, placesIn } from './canaries.ts';

const product = await startTestApp();
const { client, id: userId, email } = await product.createUser({ microCredits: 10_000_000_000n });
const owner = await product.createUser({ role: 'owner' });

const purgeNow = () => runPurges(product.app, new AbortController().signal);
const dump = () => dumpDatabase(product.db);
const age = (table: string, column: string, id: string, days: number) =>
  product.db.query(`UPDATE ${table} SET ${column} = now() - make_interval(days => $2, mins => 1) WHERE id = $1`, [
    id,
    days,
  ]);
const purgesOf = async (subjectId: string) => {
  const { body } = await owner.client.get<{ items: Purge[]; inGrace: InGrace[] }>('/admin/purges?limit=200');
  return body.items.filter((purge) => purge.subjectId === subjectId);
};
const messagesOf = async (roomId: string) =>
  (await client.get<{ items: Message[] }>(`/rooms/${roomId}/messages?limit=100`)).body.items;

test('what is deleted comes back whole within 7 days; after them it is purged and cannot (AT-012, FR-DATA-002)', async () => {
  const room = await createRoom(client, { name: 'A room to come back', agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada remember me');
  const direct = await createDirectSession(client, 'Cy');
  const homes = [
    { path: `/rooms/${room.id}`, table: 'rooms', id: room.id },
    { path: `/direct-sessions/${direct.id}`, table: 'direct_sessions', id: direct.id },
  ];
  for (const { path, table, id } of homes) {
    expect((await client.delete(path)).status).toBe(204);
    await age(table, 'deleted_at', id, 6);
    await purgeNow();
    expect((await client.post(`${path}/restore`)).status, `${path} within the days of grace`).toBe(200);
    expect((await client.delete(path)).status).toBe(204);
    await age(table, 'deleted_at', id, 7);
    expect((await client.post(`${path}/restore`)).status, `${path} after them`).toBe(410);
    await purgeNow();
    expect((await client.post(`${path}/restore`)).status).toBe(404);
    expect(await purgesOf(id)).toMatchObject([{ state: 'done', reason: 'deleted', attempt: 1, userId }]);
  }
  expect((await purgesOf(room.id))[0]?.counts).toEqual({ rooms: 1, turns: 1 });
  expect((await client.get(`/turns/${turn.id}`)).status).toBe(404);
  expect((await client.get('/rooms?deleted=true')).body).toMatchObject({ items: [] });
  const { rows } = await product.db.query('SELECT action FROM admin_audit_logs WHERE target_id = $1', [room.id]);
  expect(rows).toEqual([{ action: 'purge' }]);
});

test('a message, a file and an agent of a room that goes on leave nothing behind but what others said (FR-DATA-002)', async () => {
  const canaries = createCanaries();
  const { word } = canaries;
  const agents = ['Ada', 'Bo'].map((name) => ({
    name,
    rolePrompt: word(`prompt of ${name}`),
    toolPermissions: { search: false, files: true },
  }));
  const room = await createRoom(client, { mode: 'orchestrator', agents });
  const file = await uploadAndParse(client, room.id, {
    name: `${word('name of a file')}.txt`,
    bytes: word('text of a file'),
  });
  product.modelServer.setRules([
    {
      match: { anyMessage: 'look it up' },
      times: 1,
      behaviour: {
        json: {
          rationale: word('plan'),
          assignments: [
            { agent: 'Ada', instruction: `look it up ${word('instruction')}`, group: 1, files: [file.name] },
            { agent: 'Bo', instruction: 'sum', group: 2 },
          ],
        },
      },
    },
    as('Ada', { text: '', toolCalls: [{ name: 'read_file', arguments: { file: file.name } }] }, 1),
    as('Ada', { text: word('reply of Ada') }),
    as('Bo', { text: word('reply of Bo') }),
    asManager('synthesis', { text: word('synthesis') }),
  ]);
  const turn = await runTurn(client, room.id, `look it up ${word('message')}`, { fileIds: [file.id] });
  expect(turn.status).toBe('completed');
  const [asked, ada] = await messagesOf(room.id);
  expect(placesIn(await dump(), canaries)).toHaveLength(canaries.all.length);

  await client.delete(`/messages/${asked?.id}`);
  await client.delete(`/messages/${ada?.id}`);
  await client.delete(`/files/${file.id}`);
  await client.delete(`/rooms/${room.id}/agents/${room.agents[1]?.id}`);
  for (const id of [asked?.id, ada?.id]) await age('messages', 'deleted_at', id ?? '', 7);
  await age('files', 'deleted_at', file.id, 7);
  await age('room_agents', 'deleted_at', room.agents[1]?.id ?? '', 7);
  await purgeNow();

  expect(placesIn(await dump(), canaries).sort()).toEqual(['prompt of Ada', 'reply of Bo', 'synthesis']);
  expect((await messagesOf(room.id)).map(({ content }) => placesIn(content, canaries))).toEqual([
    ['reply of Bo'],
    ['synthesis'],
  ]);
  const events = await readEvents(client, turn.id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  expect(events.at(-1)).toMatchObject({ type: 'turn_completed', data: { message: '', failedSteps: 0 } });
  const { body: told } = await client.get<{ steps: { content: string; id: string }[] }>(`/turns/${turn.id}`);
  for (const step of told.steps) {
    const deltas = events.flatMap((event) =>
      event.type === 'step_delta' && event.stepId === step.id ? [event.data.text] : [],
    );
    expect(deltas.join(''), 'what deltas make is still the step’s content').toBe(step.content);
  }
  product.modelServer.setRules([]);
  expect((await runTurn(client, room.id, 'And now?')).status, 'the room goes on').toBe('completed');
});

test('deleting a message deletes its copies in what was regenerated beside it (FR-DATA-002)', async () => {
  const canaries = createCanaries();
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, `@Ada ${canaries.word('message')}`);
  await client.post(`/turns/${turn.id}/steps/${turn.steps[0]?.id}/regenerate`);
  await expect.poll(async () => (await messagesOf(room.id)).length).toBe(2);
  const [message] = await messagesOf(room.id);
  await client.delete(`/messages/${message?.id}`);
  await product.db.query(`UPDATE messages SET deleted_at = now() - interval '8 days' WHERE deleted_at IS NOT NULL`);
  await purgeNow();
  expect(placesIn(await dump(), canaries)).toEqual([]);
});

test('after 90 days messages and files go, their owner is warned a week before, and what is kept stays (FR-DATA-001)', async () => {
  const canaries = createCanaries();
  const { word } = canaries;
  const rooms: (TestRoom & { old: Turn; file: File })[] = [];
  for (const name of ['goes', 'is kept']) {
    const room = await createRoom(client, { name, agents: ['Ada'] });
    const old = await runTurn(client, room.id, `@Ada ${word(`old message, ${name}`)}`);
    const file = await uploadAndParse(client, room.id, { name: 'a.txt', bytes: word(`old file, ${name}`) });
    await runTurn(client, room.id, `@Ada ${word(`new message, ${name}`)}`);
    rooms.push({ ...room, old, file });
  }
  const [goes, kept] = rooms as [(typeof rooms)[number], (typeof rooms)[number]];
  const ageAll = async (days: number) => {
    for (const { old, file } of rooms) {
      await age('turns', 'created_at', old.id, days);
      await age('files', 'created_at', file.id, days);
    }
  };
  const retention = async (roomId: string) => (await client.get<Retention>(`/rooms/${roomId}/retention`)).body;
  expect(await retention(goes.id)).toEqual({ keep: false, days: 90, purgesAt: null });

  await ageAll(83);
  const mails = async () => (await readMailbox(client, email)).filter(({ subject }) => subject.includes('deleted'));
  await warnOfRetention(product.app);
  await warnOfRetention(product.app);
  await expect.poll(async () => (await mails()).length, { timeout: 15_000 }).toBe(1);
  const { purgesAt } = await retention(goes.id);
  expect(Date.parse(purgesAt ?? '') - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
  expect((await client.put(`/rooms/${kept.id}/retention`, { keep: true })).body).toMatchObject({
    keep: true,
    purgesAt: null,
  });

  await ageAll(120);
  await purgeNow();
  expect(placesIn(await dump(), canaries), 'not before a week after the warning').toHaveLength(6);
  await product.db.query(
    `UPDATE rooms SET retention_warned_at = now() - interval '7 days' WHERE retention_warned_at IS NOT NULL`,
  );
  await purgeNow();
  expect(placesIn(await dump(), canaries).sort()).toEqual([
    'new message, goes',
    'new message, is kept',
    'old file, is kept',
    'old message, is kept',
  ]);
  expect(await purgesOf(goes.id)).toMatchObject([
    { kind: 'old_content', reason: 'retention', counts: { turns: 1, files: 1 } },
  ]);
  expect(await messagesOf(goes.id)).toHaveLength(2);
  expect((await client.get<{ items: File[] }>(`/rooms/${goes.id}/files`)).body.items).toEqual([]);
  expect((await runTurn(client, goes.id, '@Ada goes on')).status).toBe('completed');
});

test('a purge that fails is shown, tried again, and goes on where it stopped (FR-DATA-003)', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  await uploadAndParse(client, room.id, { name: 'a.txt', bytes: 'x' });
  await runTurn(client, room.id, '@Ada hello');
  await client.delete(`/rooms/${room.id}`);
  const { body } = await owner.client.get<{ inGrace: InGrace[] }>('/admin/purges');
  expect(body.inGrace.find(({ kind }) => kind === 'room')?.count).toBeGreaterThan(0);
  await age('rooms', 'deleted_at', room.id, 7);
  // The storage fails in the middle: turns are gone by then, the room is not.
  const { storage } = product.app;
  const broken = { ...storage, delete: () => Promise.reject(new RangeError('a file’s text')) };
  await runPurges({ ...product.app, storage: broken }, new AbortController().signal);
  expect(await purgesOf(room.id)).toMatchObject([{ state: 'failed', error: 'RangeError', attempt: 1 }]);
  expect(await (await owner.client.fetch('/metrics')).text()).toMatch(/purges_open\{state="failed"\} 1/);
  expect(await dump()).not.toContain('a file’s text');
  await purgeNow();
  expect((await purgesOf(room.id))[0]?.state, 'not before its pause is over').toBe('failed');
  const path = `/admin/purges/${(await purgesOf(room.id))[0]?.id}/retry`;
  expect((await client.post(path)).status).toBe(404);
  expect((await owner.client.post(path)).status).toBe(202);
  await purgeNow();
  await expect.poll(async () => (await purgesOf(room.id))[0]?.state, { timeout: 20_000 }).toBe('done');
  expect((await owner.client.post(path)).status, 'only what failed').toBe(409);
  const { body: log } = await owner.client.get<{ items: { action: string; actorId: string | null }[] }>(
    `/admin/audit-logs?targetId=${room.id}`,
  );
  expect(log.items.map(({ action, actorId }) => [action, actorId])).toEqual([
    ['purge', null],
    ['purge.retry', owner.id],
  ]);
  expect(await purgesOf(room.id)).toMatchObject([
    { state: 'done', error: null, attempt: 2, counts: { rooms: 1, files: 1 } },
  ]);
  expect((await client.get('/admin/purges')).status).toBe(404);
});

test('a stalled process can bring nothing back: its late writes are refused (I7, FR-DATA-002)', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada hello');
  await client.delete(`/rooms/${room.id}`);
  await age('rooms', 'deleted_at', room.id, 7);
  await purgeNow();
  const late: [string, unknown[]][] = [
    [
      `INSERT INTO langgraph.checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint) VALUES ($1, '', 'x', '{}')`,
      [turn.id],
    ],
    [
      `INSERT INTO langgraph.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type) VALUES ($1, '', 'c', '1', 'json')`,
      [turn.id],
    ],
    [
      `INSERT INTO langgraph.checkpoint_writes (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, blob) VALUES ($1, '', 'x', 't', 0, 'c', '')`,
      [turn.id],
    ],
    [
      `INSERT INTO context_summaries (id, conversation_id, through_turn_id, content, tokens, model_alias) VALUES (gen_random_uuid(), $2, $1, 'x', 1, 'llama')`,
      [turn.id, room.id],
    ],
    [`INSERT INTO turn_events (turn_id, seq, type, data) VALUES ($1, 99, 'step_delta', '{}')`, [turn.id]],
    [
      `INSERT INTO messages (id, turn_id, index, role, content) VALUES (gen_random_uuid(), $1, 5, 'agent', 'x')`,
      [turn.id],
    ],
    [
      `INSERT INTO call_journal (id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status) VALUES (gen_random_uuid(), $1, 's', 0, 9, 'model', 'h', 'm', 'ok')`,
      [turn.id],
    ],
    [
      `INSERT INTO files (id, owner_id, room_id, name, size, mime_type, storage_key, status) VALUES (gen_random_uuid(), $2, $1, 'x', 1, 'text/plain', 'late', 'ready')`,
      [room.id, userId],
    ],
  ];
  for (const [statement, values] of late) {
    await expect(product.db.query(statement, values), statement).rejects.toMatchObject({ code: '23503' });
  }
  await product.db.query(
    `INSERT INTO langgraph.checkpoints (thread_id, checkpoint_id, checkpoint) VALUES ('a thread of Studio', 'x', '{}')`,
  );
});

test('a deleted account is out at once, is back by signing in within 7 days, and its address is free after them (FR-DATA-002)', async () => {
  const address = 'comes.and.goes@example.com';
  const person = await signIn(product.url, address);
  const room = await createRoom(person, { agents: ['Ada'] });
  const { body: key } = await person.post<{ key: string }>('/api-keys', { name: 'a', scopes: ['read'] });
  const asProgram = () => fetch(`${product.url}/api/v1/rooms`, { headers: { Authorization: `Bearer ${key.key}` } });
  const { body: me } = await person.get<{ user: { id: string } }>('/auth/me');
  expect((await person.delete('/me')).status).toBe(204);
  expect((await person.get('/rooms')).status).toBe(401);
  expect((await asProgram()).status).toBe(401);

  const back = await signIn(product.url, address);
  expect((await back.get<{ items: { id: string }[] }>('/rooms')).body.items.map(({ id }) => id)).toEqual([room.id]);
  expect((await asProgram()).status).toBe(200);
  await back.delete('/me');
  await age('users', 'deleted_at', me.user.id, 7);
  await purgeNow();
  const { rows } = await product.db.query('SELECT email, display_name FROM users WHERE id = $1', [me.user.id]);
  expect(rows).toEqual([{ email: `${me.user.id}@deleted.invalid`, display_name: null }]);
  await expect(product.db.query(`UPDATE users SET settings = '{"x":1}' WHERE id = $1`, [me.user.id])).rejects.toThrow(
    /purged/,
  );

  const anew = await signIn(product.url, address);
  expect((await anew.get<{ items: unknown[] }>('/rooms')).body.items).toEqual([]);
});

test('an account whose plan renews, and the last owner’s, stay until that is settled', async () => {
  const payer = await product.createUser({ plan: 'pro' });
  await product.db.query(`UPDATE subscriptions SET stripe_subscription_id = 'sub_1' WHERE user_id = $1`, [payer.id]);
  expect(await payer.client.delete('/me')).toMatchObject({ status: 409, body: { code: 'conflict' } });
  await product.db.query(`UPDATE subscriptions SET cancel_at = now() WHERE user_id = $1`, [payer.id]);
  expect((await payer.client.delete('/me')).status).toBe(204);
  expect((await owner.client.delete('/me')).status).toBe(409);
});
