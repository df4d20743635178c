import type pg from 'pg';
import { say } from '../../say.ts';

/** How many there are to own the rooms. */
export const PEOPLE = 1_000;
const MESSAGES_PER_TURN = 4;

const NUMBERED = `(SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM users WHERE email LIKE '%@bench.example') p`;
const turnOf = (room: string, depth: string) => `md5(${room}::text || (${depth})::text)::uuid`;

/** Rooms of the people in turn, each with a branch of turns of four messages, the calls of these, and older ones over a year. */
export async function fill(db: pg.Pool, { rooms, usageRows }: { rooms: number; usageRows: number }): Promise<void> {
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
  const columns = `id, user_id, room_id, turn_id, step_id, agent_id, purpose, provider, model, model_alias, prompt_tokens,
    completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, first_token_ms, status,
    pricing_version, multiplier, request_id, created_at`;
  const call = `'agent', 'openrouter', 'vendor/llama', 'llama', 800, 300, 100, 1100, 0.00031, 62000, 900, 300, 'ok', 1, 1, ''`;
  const { rowCount: ofTurns } = await db.query(
    `INSERT INTO llm_call_events (${columns})
     SELECT uuidv7(), t.user_id, t.room_id, t.id, s.id, a.id, ${call}, s.started_at
     FROM turns t JOIN turn_steps s ON s.turn_id = t.id JOIN room_agents a ON a.room_id = t.room_id AND a.name = s.agent_name
     LIMIT $1`,
    [usageRows],
  );
  // The rest is of turns that were purged: what was paid outlives what was said.
  await db.query(
    `INSERT INTO llm_call_events (${columns})
     SELECT uuidv7(), p.id, p.id, md5(p.id::text || g.n / ${PEOPLE * 3})::uuid, NULL, NULL, ${call}, now() - (g.n % 365) * interval '1 day'
     FROM generate_series(1, $1::int) g (n) JOIN ${NUMBERED} ON p.n = g.n % ${PEOPLE}`,
    [usageRows - (ofTurns ?? 0)],
  );
  await db.query('ALTER TABLE llm_call_events ENABLE TRIGGER USER');
  for (const { definition } of indexes) await db.query(definition);
  await db.query('VACUUM (ANALYZE)');
  say(
    `api: ${rooms} rooms, ${rooms * turns * MESSAGES_PER_TURN} messages, ${usageRows} usage rows in ${((performance.now() - begun) / 1_000).toFixed(0)} s`,
  );
}
