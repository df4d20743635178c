import { chromium, type Browser } from '@playwright/test';
import pg from 'pg';
import { signIn, type Client } from '../../../tests/support/client.ts';
import { getBrowser } from '../../../tests/support/find-browser.ts';
import { startModelServer, type ModelServer } from '../../../tests/support/model-server.ts';
import { createRoom } from '../../../tests/support/rooms.ts';
import { startServer } from '../../../tests/support/server-process.ts';
import { startTestCluster, TEMPLATE, urlOf } from '../../../tests/support/test-cluster.ts';
import { runTurn } from '../../../tests/support/turns.ts';
import { say } from '../../say.ts';

export const AGENTS = ['Analyst', 'Writer', 'Critic', 'Builder'];
const QUESTIONS = ['Do we need a second worker?', 'What would you do first?', 'And if it fails?', 'Who decides?'];

/** What models write: a table, code, lists, emphasis. */
export const REPLY = `Short answer: **yes, with a cap**. The queue is bounded by *arrivals × service time*, so what matters is the tail, not the mean.

| plan | p50 | p99 | cost |
|---|---:|---:|---:|
| One worker | 180 ms | 4.2 s | $12 |
| Two workers | 120 ms | 0.9 s | $24 |
| Two, capped | 120 ms | 0.6 s | $24 |

\`\`\`ts
export async function takeNext(queue: Queue, limit = 64): Promise<Job | null> {
  if (queue.size > limit) throw new Busy('Try again in a moment.');
  return queue.shift() ?? null; // the oldest first
}
\`\`\`

1. Refuse early, with a clear message, and say when it is worth trying again.
2. Measure what was refused, not only what was slow: the slow ones were at least served.

> A queue without a limit is a promise nobody made.

## What follows

- **Begin small:** two clients, four weeks, one number that would make you stop.
- **Keep the way back:** nothing in the first month may be hard to undo.
- **Say what you will not do:** no discount, no custom work, no exceptions for friends.`;

export type RoomInBrowser = {
  url: string;
  client: Client;
  roomId: string;
  model: ModelServer;
  browser: Browser;
  close: () => Promise<void>;
};

/**
 * The product with a room of at least this many messages (four real turns, copied in the database), its person signed in,
 * and a browser that is not throttled yet. Four agents answer at the same time.
 */
export async function startRoom({
  messages,
  browserArgs = [],
}: {
  messages: number;
  browserArgs?: string[];
}): Promise<RoomInBrowser> {
  // Ends what was started when something after it fails.
  await using parts = new AsyncDisposableStack();
  const cluster = await startTestCluster();
  parts.defer(() => cluster.stop());
  const admin = new pg.Client({ connectionString: cluster.adminUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE bench TEMPLATE ${TEMPLATE}`);
  await admin.end();
  const databaseUrl = urlOf(cluster.adminUrl, 'bench');
  const model = await startModelServer({ rules: [{ match: { structured: false }, behaviour: { text: REPLY } }] });
  parts.defer(() => model.close());
  const server = await startServer({
    databaseUrl,
    env: { LLM_BASE_URL: model.baseUrl, LLM_API_KEY: 'none', SIGNUP_CREDITS: '100000' },
  });
  parts.defer(() => server.close());
  const client = await signIn(server.url, 'reader@bench.example');
  const room = await createRoom(client, { name: 'Second worker', mode: 'manual', agents: AGENTS });
  for (const question of QUESTIONS) await runTurn(client, room.id, `@all ${question}`);
  await repeatTurns(databaseUrl, room.id, Math.ceil(messages / (AGENTS.length + 1)));
  const browser = await chromium.launch({
    executablePath: getBrowser(say).path,
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...browserArgs],
  });
  parts.defer(() => browser.close());
  const running = parts.move();
  return { url: server.url, client, roomId: room.id, model, browser, close: () => running.disposeAsync() };
}

/** Copies the room's turns behind each other until it has this many. */
async function repeatTurns(databaseUrl: string, roomId: string, turns: number): Promise<void> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  // An id of its own for each copy, the same wherever it is asked for; of a version that the product takes for an id.
  await db.query(
    `CREATE FUNCTION pg_temp.id_of(text) RETURNS uuid LANGUAGE sql IMMUTABLE
     RETURN overlay(overlay(md5($1) placing '7' from 13) placing '8' from 17)::uuid`,
  );
  await db.query(
    `CREATE TEMP TABLE copies AS
     SELECT n AS depth, t.id AS source, pg_temp.id_of($1::text || n) AS id,
       CASE WHEN n > s.turns THEN pg_temp.id_of($1::text || n - 1) ELSE (SELECT id FROM turns WHERE room_id = $1::uuid AND depth = n - 1) END AS parent
     FROM (SELECT count(*)::int AS turns FROM turns WHERE room_id = $1::uuid) s
       CROSS JOIN generate_series(s.turns, $2::int - 1) n JOIN turns t ON t.room_id = $1::uuid AND t.depth = n % s.turns`,
    [roomId, turns],
  );
  await db.query(
    `INSERT INTO turns SELECT (jsonb_populate_record(t, jsonb_build_object('id', c.id, 'parent_turn_id', c.parent,
       'depth', c.depth, 'queue_position', t.queue_position + c.depth, 'client_request_id', NULL))).*
     FROM copies c JOIN turns t ON t.id = c.source`,
  );
  await db.query(
    `INSERT INTO turn_steps SELECT (jsonb_populate_record(s, jsonb_build_object('id', pg_temp.id_of(c.id || s.key), 'turn_id', c.id))).*
     FROM copies c JOIN turn_steps s ON s.turn_id = c.source`,
  );
  await db.query(
    `INSERT INTO messages (id, turn_id, step_id, index, role, agent_id, agent_name, content, created_at)
     SELECT coalesce(pg_temp.id_of(c.id || s.key), c.id), c.id, pg_temp.id_of(c.id || s.key), m.index, m.role, m.agent_id, m.agent_name,
       m.content, m.created_at
     FROM copies c JOIN messages m ON m.turn_id = c.source LEFT JOIN turn_steps s ON s.id = m.step_id`,
  );
  await db.query(
    `UPDATE room_sessions SET head_turn_id = (SELECT id FROM copies ORDER BY depth DESC LIMIT 1)
     WHERE room_id = $1::uuid AND EXISTS (SELECT FROM copies)`,
    [roomId],
  );
  await db.end();
}
