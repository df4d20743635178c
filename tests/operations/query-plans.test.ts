import pg from 'pg';
import { expect, test } from 'vitest';
import { afterFile } from '../support/after-file.ts';
import { startTestApp } from '../support/app.ts';
import { createClient } from '../support/client.ts';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';

const PEOPLE = 400;
const TURNS = 12;
/** What grows with use, and that nobody's page or request may read from end to end. */
const LARGE = [
  'users',
  'sessions',
  'rooms',
  'room_agents',
  'room_sessions',
  'turns',
  'turn_steps',
  'turn_events',
  'messages',
  'llm_call_events',
  'credit_transactions',
];

test('NFR-PERF-001: what people read is found by indexes, however much there is of others', async () => {
  // The first app is closed with all its connections, so that their statistics are in before those of the second.
  const { databaseUrl, createUser, close } = await startTestApp();
  const { client } = await createUser();
  const room = await createRoom(client, { agents: ['Ada'] });
  const turn = await runTurn(client, room.id, '@Ada what is the budget?');
  await close();
  const db = new pg.Client({ connectionString: databaseUrl });
  afterFile(() => db.end());
  await db.connect();
  await fill(db);
  const before = await readScans(db);

  const { url, close: closeAgain } = await startTestApp({ databaseUrl, env: { PANTHEON_ROLE: 'web' } });
  const reader = createClient(url, {
    cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  });
  const here = `/api/v1/rooms/${room.id}`;
  for (const path of [
    '/',
    `/rooms/${room.id}`,
    '/billing',
    '/billing/transactions',
    '/usage',
    '/search?q=budget',
    '/activity',
    '/api/v1/auth/me',
    '/api/v1/rooms',
    here,
    `${here}/turns?limit=20`,
    `${here}/messages?limit=50`,
    `/api/v1/turns/${turn.id}`,
    `/api/v1/turns/${turn.id}/events`,
    `/api/v1/turns/${turn.id}/receipt`,
    '/api/v1/wallet',
    '/api/v1/wallet/transactions',
    '/api/v1/usage',
    '/api/v1/search?q=budget',
  ]) {
    const response = await reader.fetch(path);
    expect(`${path} ${response.status}`).toBe(`${path} 200`);
    await response.text();
  }
  expect((await reader.post(`/rooms/${room.id}/quote`, { message: '@Ada and now?' })).status).toBe(200);
  expect((await reader.patch(`/rooms/${room.id}`, { description: 'Changed' })).status).toBe(200);
  await closeAgain();

  const scans = await readScans(db);
  expect(
    LARGE.filter((table) => scans[table] !== before[table]).map((table) => `${table} read from end to end`),
  ).toEqual([]);
  // The statistics are those of what was asked, and a scan would be among them.
  await db.query(`SELECT FROM messages WHERE role = 'what no index has'`);
  expect((await readScans(db))['messages']).toBe((before['messages'] ?? 0) + 1);
});

/** Other people with rooms of their own, and what was said and paid in them. */
async function fill(db: pg.Client): Promise<void> {
  const turnOf = (depth: string) => `md5(r.id::text || (${depth})::text)::uuid`;
  // Rows as they would be; the triggers that make them so would take longer than all the rest.
  await db.query('SET session_replication_role = replica');
  await db.query(`
    INSERT INTO users (id, email) SELECT gen_random_uuid(), 'other-' || n || '@example.com' FROM generate_series(1, ${PEOPLE}) n;
    INSERT INTO sessions (id, token_hash, user_id, expires_at)
      SELECT gen_random_uuid(), sha256(id::text::bytea), id, now() + interval '1 day' FROM users WHERE email LIKE 'other-%';
    INSERT INTO rooms (id, owner_id, name) SELECT gen_random_uuid(), id, 'Other' FROM users WHERE email LIKE 'other-%';
    INSERT INTO room_agents (id, room_id, name, name_key, model_alias, role_prompt, tool_permissions, position)
      SELECT gen_random_uuid(), r.id, 'Ada', 'ada' || n, 'llama', 'You are Ada', '{"search": false, "files": false}', n
      FROM rooms r, generate_series(1, 5) n WHERE r.name = 'Other';
    INSERT INTO room_sessions (id, conversation_id, room_id) SELECT gen_random_uuid(), id, id FROM rooms WHERE name = 'Other';
    INSERT INTO turns (id, conversation_id, room_id, branch_id, parent_turn_id, depth, user_id, status, mode, queue_position,
        pricing_version_id, snapshot, last_seq, created_at, started_at, finished_at)
      SELECT ${turnOf('d')}, r.id, r.id, b.id, CASE WHEN d > 0 THEN ${turnOf('d - 1')} END, d, r.owner_id, 'completed', 'manual',
        d, 1, '{}', 3, at, at, at
      FROM rooms r JOIN room_sessions b ON b.room_id = r.id, generate_series(0, ${TURNS - 1}) d,
        LATERAL (SELECT now() - (60 - d) * interval '1 day' AS at) x WHERE r.name = 'Other';
    UPDATE room_sessions b SET head_turn_id = ${turnOf(String(TURNS - 1))} FROM rooms r WHERE r.id = b.room_id AND r.name = 'Other';
    INSERT INTO turn_steps (id, turn_id, key, index, kind, agent_name, model_alias, status)
      SELECT gen_random_uuid(), t.id, 'agent', 0, 'agent', 'Ada', 'llama', 'completed' FROM turns t WHERE t.snapshot = '{}';
    INSERT INTO turn_events (turn_id, seq, type, data)
      SELECT t.id, n, 'turn_started', '{}' FROM turns t, generate_series(1, 2) n WHERE t.snapshot = '{}';
    INSERT INTO messages (id, turn_id, index, role, agent_name, content)
      SELECT gen_random_uuid(), t.id, n, CASE n WHEN 0 THEN 'user' ELSE 'agent' END, CASE n WHEN 1 THEN 'Ada' END,
        'Message ' || n || ' of ' || t.depth || ' about the risks of project ' || (hashtext(t.id::text) & 1023) || repeat(' ', 1100)
      FROM turns t, generate_series(0, 1) n WHERE t.snapshot = '{}';
    INSERT INTO llm_call_events (id, user_id, room_id, turn_id, purpose, provider, model, model_alias, prompt_tokens,
        completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, status,
        pricing_version, multiplier, request_id, created_at)
      SELECT gen_random_uuid(), t.user_id, t.room_id, t.id, 'agent', 'p', 'm', 'llama', 1, 1, 0, 2, 0.001, 1000, 900, 'ok', 1, 1,
        '', t.created_at FROM turns t WHERE t.snapshot = '{}';
    INSERT INTO credit_transactions (id, user_id, kind, lot_id, idempotency_key, available_delta)
      SELECT gen_random_uuid(), t.user_id, 'grant', gen_random_uuid(), 'other:' || t.id, 1000 FROM turns t WHERE t.snapshot = '{}'`);
  await db.query('SET session_replication_role = DEFAULT');
  await db.query(`VACUUM (ANALYZE) ${LARGE.join()}`);
}

/** How often each table was read from end to end, once everybody else who did has gone and told so. */
async function readScans(db: pg.Client): Promise<Record<string, number>> {
  await expect
    .poll(async () => {
      const { rowCount } = await db.query(
        'SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      return rowCount;
    })
    .toBe(0);
  await db.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await db.query<{ name: string; scans: number }>(
    'SELECT relname AS name, seq_scan::int AS scans FROM pg_stat_user_tables WHERE relname = ANY ($1)',
    [LARGE],
  );
  expect(rows.map(({ name }) => name).sort()).toEqual([...LARGE].sort());
  return Object.fromEntries(rows.map(({ name, scans }) => [name, scans]));
}
