/**
 * What Pantheon adds to a model's first token: `npm run bench:first-token`. The product runs as its own process on a
 * PostgreSQL that syncs to disk; a message goes in by HTTP and the first delta is read from the event stream. In turn with
 * it the same model server is asked directly. Printed: medians and 95th percentiles of both, and of accept → 202.
 *
 * Option: --turns 100.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { hashToken, newToken } from '#server/auth/token.ts';
import { newId } from '#server/platform/ids.ts';
import { startModelServer } from '../../tests/support/model-server.ts';
import { startServer } from '../../tests/support/server-process.ts';
import { startTestCluster, TEMPLATE, urlOf } from '../../tests/support/test-cluster.ts';
import { say } from '../say.ts';

const { values } = parseArgs({ options: { turns: { type: 'string', default: '100' } } });
const WARM_UP = 10;

const cluster = await startTestCluster({ fast: false, socket: true });
const admin = new pg.Client({ connectionString: cluster.adminUrl });
await admin.connect();
await admin.query(`CREATE DATABASE bench TEMPLATE ${TEMPLATE}`);
await admin.end();
const databaseUrl = urlOf(cluster.adminUrl, 'bench');
const model = await startModelServer({ defaults: { tokens: 50, tokenDelayMs: 2 } });
const server = await startServer({ databaseUrl, env: { LLM_BASE_URL: model.baseUrl, SIGNUP_CREDITS: '100000' } });
const headers = { Authorization: `Bearer ${await makeKey()}`, 'Content-Type': 'application/json' };
const { items } = (await (await api('/rooms')).json()) as { items: { id: string; currentMode: string }[] };
const room = items.find(({ currentMode }) => currentMode === 'roundtable');
if (!room) throw new Error('The seed has no roundtable room.');

const direct: number[] = [];
const through: number[] = [];
const accepted: number[] = [];
for (let turn = 0; turn < WARM_UP + Number(values.turns); turn += 1) {
  const asked = await askDirectly();
  const sent = await sendMessage(room.id);
  if (turn < WARM_UP) continue;
  direct.push(asked);
  through.push(sent.firstDelta);
  accepted.push(sent.accepted);
}
say(`direct call, first token    p50 ${at(direct, 0.5)} ms   p95 ${at(direct, 0.95)} ms`);
say(`through Pantheon            p50 ${at(through, 0.5)} ms   p95 ${at(through, 0.95)} ms`);
say(`added                       p50 ${(Number(at(through, 0.5)) - Number(at(direct, 0.5))).toFixed(1)} ms`);
say(`send → 202                  p50 ${at(accepted, 0.5)} ms   p95 ${at(accepted, 0.95)} ms`);

await server.close();
await model.close();
await cluster.stop();

/** A key of the seeded demo user's. */
async function makeKey(): Promise<string> {
  const key = newToken();
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  await db.query(
    `INSERT INTO api_keys (id, user_id, name, prefix, key_hash, scopes)
     SELECT $1, id, 'bench', 'bench', $2, '{read,write}' FROM users WHERE email = 'demo@pantheon.local'`,
    [newId(), hashToken(key)],
  );
  await db.end();
  return key;
}

function api(path: string, init: Pick<RequestInit, 'method' | 'body'> = {}): Promise<Response> {
  return fetch(`${server.url}/api/v1${path}`, { ...init, headers });
}

/** Milliseconds from the request to the first byte of text. */
async function askDirectly(): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${model.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: 'test-model', stream: true, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  return readUntil(response, startedAt, '"content":"');
}

/** Milliseconds to the 202 and to the first delta; returns when the turn is over, so that the next one starts alone. */
async function sendMessage(roomId: string): Promise<{ accepted: number; firstDelta: number }> {
  const startedAt = performance.now();
  const response = await api(`/rooms/${roomId}/turns`, { method: 'POST', body: JSON.stringify({ message: 'Hello' }) });
  const { turn } = (await response.json()) as { turn: { id: string } };
  const accepted = performance.now() - startedAt;
  const firstDelta = await readUntil(await api(`/turns/${turn.id}/events`), startedAt, 'event: step_delta');
  return { accepted, firstDelta };
}

async function readUntil(response: Response, startedAt: number, mark: string): Promise<number> {
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  let text = '';
  let seenAt: number | null = null;
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (seenAt === null && text.includes(mark)) seenAt = performance.now();
  }
  if (seenAt === null) throw new Error('No text came.');
  return seenAt - startedAt;
}

function at(figures: number[], share: number): string {
  const sorted = figures.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1);
}
