import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { startModelServer } from '../../../tests/support/model-server.ts';
import { say } from '../../say.ts';
import { createUsers, type BenchUser } from '../turns/pantheon.ts';
import { percentile, startProduct } from './product.ts';

const PEOPLE = 1_000;
const SECONDS = 60;
const MESSAGES_PER_TURN = 4;
/** What no request may read from end to end. */
const LARGE = ['messages', 'turns', 'turn_steps', 'turn_events', 'llm_call_events', 'rooms', 'credit_transactions'];

/** Everything but models, asked at a steady rate whatever the answers take. */
export async function benchApi(size: { rate: number; rooms: number; usageRows: number }): Promise<void> {
  const model = await startModelServer();
  let users: BenchUser[] = [];
  const product = await startProduct(
    { LLM_BASE_URL: model.baseUrl, LIMIT_API_REQUESTS: '1000000' },
    async (db, databaseUrl) => {
      users = await createUsers(databaseUrl, PEOPLE);
      await fill(db, size);
    },
  );
  const { url } = product.server;
  const { rows } = await product.db.query<{ key: string; room: string; turn: string }>(
    `SELECT DISTINCT ON (r.owner_id) r.owner_id AS key, r.id AS room, b.head_turn_id AS turn
     FROM rooms r JOIN room_sessions b ON b.room_id = r.id WHERE r.name LIKE 'Bench %' ORDER BY r.owner_id`,
  );
  const own = new Map(rows.map((row) => [row.key, row]));
  const requests: Record<string, (room: string, turn: string) => { path: string; method?: string; body?: unknown }> = {
    'the rooms': () => ({ path: '/rooms' }),
    'a room': (room) => ({ path: `/rooms/${room}` }),
    'its turns': (room) => ({ path: `/rooms/${room}/turns?limit=20` }),
    'its messages': (room) => ({ path: `/rooms/${room}/messages?limit=50` }),
    'a turn': (_, turn) => ({ path: `/turns/${turn}` }),
    'a receipt': (_, turn) => ({ path: `/turns/${turn}/receipt` }),
    'the wallet': () => ({ path: '/wallet' }),
    'the usage': () => ({ path: '/usage' }),
    'a search': () => ({ path: '/search?q=budget' }),
    'a quote': (room) => ({ path: `/rooms/${room}/quote`, method: 'POST', body: { message: '@all What now?' } }),
    'a change': (room) => ({ path: `/rooms/${room}`, method: 'PATCH', body: { description: 'Changed' } }),
  };
  const names = Object.keys(requests);
  const times = new Map(names.map((name) => [name, [] as number[]]));
  const failed = new Map<string, number>();
  const ask = async (n: number) => {
    const name = names[n % names.length] ?? '';
    const user = users[n % users.length];
    const place = own.get(user?.id ?? '');
    const { path, method = 'GET', body } = requests[name]?.(place?.room ?? '', place?.turn ?? '') ?? { path: '/' };
    const startedAt = performance.now();
    const init = {
      method,
      headers: user?.headers ?? {},
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const response = await fetch(`${url}/api/v1${path}`, init);
    await response.arrayBuffer();
    times.get(name)?.push(performance.now() - startedAt);
    if (response.ok) return;
    const kind = `${name} ${response.status}`;
    failed.set(kind, (failed.get(kind) ?? 0) + 1);
  };
  for (let n = 0; n < 500; n += 1) await ask(n);
  for (const list of times.values()) list.length = 0;
  failed.clear();
  const scans = await readScans(product.db);
  say(`api: ${size.rate} requests a second for ${SECONDS} s`);
  const running: Promise<void>[] = [];
  const startAt = performance.now();
  for (let n = 0; n < size.rate * SECONDS; n += 1) {
    const wait = startAt + (n * 1_000) / size.rate - performance.now();
    if (wait > 1) await sleep(wait);
    running.push(ask(n));
  }
  await Promise.all(running);
  const seconds = (performance.now() - startAt) / 1_000;
  for (const [name, list] of times) {
    say(
      `  ${name.padEnd(14)} p50 ${percentile(list, 0.5).toFixed(1).padStart(6)} ms   p95 ${percentile(list, 0.95).toFixed(1).padStart(6)} ms`,
    );
  }
  const all = [...times.values()].flat();
  say(
    `  all            p50 ${percentile(all, 0.5).toFixed(1).padStart(6)} ms   p95 ${percentile(all, 0.95).toFixed(1).padStart(6)} ms`,
  );
  say(`  ${(all.length / seconds).toFixed(0)} a second`);
  say(`  not answered with success: ${[...failed].map(([kind, count]) => `${kind} ×${count}`).join(', ') || 'none'}`);
  const after = await readScans(product.db);
  const read = LARGE.filter((table) => after[table] !== scans[table]);
  say(`  read from end to end: ${read.join(', ') || 'none'}`);
  await product.close();
  await model.close();
}

const NUMBERED = `(SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users WHERE email LIKE '%@bench.example') p`;
const turnOf = (room: string, depth: string) => `md5(${room}::text || (${depth})::text)::uuid`;

/** Rooms of the people in turn, each with a branch of turns of four messages, and usage rows over a year. */
async function fill(db: pg.Pool, { rooms, usageRows }: { rooms: number; usageRows: number }): Promise<void> {
  const begun = performance.now();
  const turns = Math.ceil(1_000_000 / MESSAGES_PER_TURN / rooms);
  // Made row by row they would take longer than all the rest.
  const { rows: indexes } = await db.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename IN ('messages', 'turn_steps', 'llm_call_events') AND indexdef NOT LIKE 'CREATE UNIQUE %'`,
  );
  await db.query(`DROP INDEX ${indexes.map(({ name }) => name).join(', ')}`);
  await db.query('ALTER TABLE llm_call_events DISABLE TRIGGER USER');
  await db.query(
    `INSERT INTO rooms (id, owner_id, name) SELECT uuidv7(), p.id, 'Bench ' || r
     FROM generate_series(0, $1::int - 1) r JOIN ${NUMBERED} ON p.n = r % ${PEOPLE}`,
    [rooms],
  );
  await db.query(
    `INSERT INTO room_agents (id, room_id, name, name_key, model_alias, role_prompt, tool_permissions, position)
     SELECT uuidv7(), r.id, a, lower(a), 'llama', 'You are ' || a, '{"search": false, "files": false}', n
     FROM rooms r, unnest(ARRAY['Analyst', 'Writer', 'Critic']) WITH ORDINALITY AS x (a, n)`,
  );
  await db.query(`INSERT INTO room_sessions (id, conversation_id, room_id) SELECT uuidv7(), id, id FROM rooms`);
  await db.query(
    `INSERT INTO turns (id, conversation_id, room_id, branch_id, parent_turn_id, depth, user_id, status, mode,
       queue_position, pricing_version_id, snapshot, last_seq, created_at, started_at, finished_at)
     SELECT ${turnOf('r.id', 'd')}, r.id, r.id, b.id, CASE WHEN d > 0 THEN ${turnOf('r.id', 'd - 1')} END, d, r.owner_id, 'completed',
       'roundtable', d, 1, '{"roster": [], "models": {}, "caps": {}, "fileIds": [], "managerAlias": "llama"}', 0, at, at, at
     FROM rooms r JOIN room_sessions b ON b.room_id = r.id, generate_series(0, $1::int - 1) d,
       LATERAL (SELECT now() - (60 - d * 60.0 / $1) * interval '1 day' AS at) x`,
    [turns],
  );
  await db.query(`UPDATE room_sessions b SET head_turn_id = ${turnOf('b.room_id', '$1::int - 1')}`, [turns]);
  await db.query(
    `INSERT INTO messages (id, turn_id, index, role, agent_name, content, created_at)
     SELECT uuidv7(), t.id, i - 1, CASE i WHEN 0 THEN 'user' ELSE 'agent' END,
       CASE WHEN i > 0 THEN (ARRAY['Analyst', 'Writer', 'Critic'])[i] END,
       'Message ' || i || ' of turn ' || t.depth || ' about the budget of project ' || (hashtext(t.id::text) & 1023)
         || ', its risks and what we should do first.', t.created_at
     FROM turns t, generate_series(0, $1::int - 1) i`,
    [MESSAGES_PER_TURN],
  );
  await db.query(
    `INSERT INTO turn_steps (id, turn_id, key, index, kind, agent_name, model_alias, status, content, started_at, finished_at)
     SELECT uuidv7(), m.turn_id, 'speak:' || m.index, m.index - 1, 'agent', m.agent_name, 'llama', 'completed', m.content,
       m.created_at, m.created_at
     FROM messages m WHERE m.role = 'agent'`,
  );
  await db.query(
    `INSERT INTO llm_call_events (id, user_id, room_id, turn_id, purpose, provider, model, model_alias, prompt_tokens,
       completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, first_token_ms, status,
       pricing_version, multiplier, request_id, created_at)
     SELECT uuidv7(), p.id, p.id, p.id, 'agent', 'openrouter', 'vendor/llama', 'llama', 800, 300, 100, 1100, 0.00031, 62000,
       900, 300, 'ok', 1, 1, '', now() - (g.n % 365) * interval '1 day'
     FROM generate_series(1, $1::int) g (n) JOIN ${NUMBERED} ON p.n = g.n % ${PEOPLE}`,
    [usageRows],
  );
  await db.query('ALTER TABLE llm_call_events ENABLE TRIGGER USER');
  for (const { definition } of indexes) await db.query(definition);
  await db.query('VACUUM (ANALYZE)');
  say(
    `api: ${rooms} rooms, ${rooms * turns * MESSAGES_PER_TURN} messages, ${usageRows} usage rows in ${((performance.now() - begun) / 1_000).toFixed(0)} s`,
  );
}

async function readScans(db: pg.Pool): Promise<Record<string, number>> {
  await db.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await db.query<{ name: string; scans: number }>(
    'SELECT relname AS name, seq_scan::int AS scans FROM pg_stat_user_tables WHERE relname = ANY ($1)',
    [LARGE],
  );
  return Object.fromEntries(rows.map(({ name, scans }) => [name, scans]));
}
