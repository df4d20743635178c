import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { PgBoss } from 'pg-boss';
import { startModelServer } from '../../../tests/support/model-server.ts';
import { say } from '../../say.ts';
import { createUsers, type Headers } from '../turns/pantheon.ts';
import { createLoadClient, type Asked, type LoadClient } from './client.ts';
import { percentile, startProduct, type Product } from './product.ts';

const FILE = 'The budget is 4,200 euros. The first milestone is in March.\n'.repeat(200);
const CONNECTIONS = 512;
/** Every ten minutes in life. */
const PURGE_EVERY_MS = 15_000;
/** What is due when the last one has gone is purged within this. */
const PURGED_WITHIN_MS = 60_000;
/** Whoever came last is done within this, or never. */
const GRACE_MS = 120_000;

/**
 * A closed beta of so many people, squeezed into some minutes: each comes at a moment of their own, makes a room of three,
 * attaches a file, sends three messages and reads the answers, looks around, and every fifth one deletes the room. The purge
 * runs meanwhile on what the database says is due at once.
 */
export async function benchBeta({ people, minutes }: { people: number; minutes: number }): Promise<void> {
  const model = await startModelServer({ defaults: { tokens: 50, firstTokenDelayMs: 200, tokenDelayMs: 10 } });
  try {
    const product = await startProduct({ LLM_BASE_URL: model.baseUrl, LIMIT_API_REQUESTS: '1000000' });
    try {
      const users = await createUsers(product.databaseUrl, people);
      say(`beta: ${people} people in ${minutes} minutes`);
      await beTogether(product, users, minutes);
    } finally {
      await product.close();
    }
  } finally {
    await model.close();
  }
}

type Seen = {
  turns: number;
  files: number;
  gone: string[];
  calls: number[];
  firstMs: number[];
  problems: Map<string, number>;
};

async function beTogether(product: Product, users: { headers: Headers }[], minutes: number): Promise<void> {
  const client = createLoadClient(product.server.url, CONNECTIONS);
  const seen: Seen = { turns: 0, files: 0, gone: [], calls: [], firstMs: [], problems: new Map() };
  const delays: number[] = [];
  const stopWatching = every(5_000, async () => {
    delays.push((await product.metric('nodejs_eventloop_lag_p99_seconds')) * 1_000);
  });
  const boss = new PgBoss({ connectionString: product.databaseUrl, supervise: false, schedule: false, migrate: false });
  boss.on('error', () => undefined); // What it can't send shows in what is left.
  await boss.start();
  const stopPurging = every(PURGE_EVERY_MS, () => boss.send('purge', {}));
  const spread = minutes * 60_000 * 0.9;
  const late = setTimeout(() => client.close(), minutes * 60_000 + GRACE_MS);
  try {
    await Promise.all(
      users.map(async ({ headers }, n) => {
        await sleep((n / users.length) * spread);
        await live({ client, headers, product, seen }, n).catch((error: unknown) => count(seen, String(error)));
      }),
    );
    const left = await whatIsLeft(product, seen.gone);
    const memory = await product.memory();
    const { calls, firstMs } = seen;
    say(
      `  ${seen.turns} turns, ${seen.files} files read, ${seen.gone.length} rooms deleted (${left} of them not purged), ${calls.length} other requests`,
    );
    say(`  failed: ${listed(seen.problems)}`);
    say(`  errors in the product's log: ${listed(errorsOf(product.server.logs))}`);
    say(`  jobs that failed: ${await failedJobs(product)}`);
    say(`  requests p50 ${percentile(calls, 0.5).toFixed(1)} ms, p95 ${percentile(calls, 0.95).toFixed(1)} ms`);
    say(
      `  first token p50 ${percentile(firstMs, 0.5).toFixed(0)} ms, p95 ${percentile(firstMs, 0.95).toFixed(0)} ms (the model's own: 200)`,
    );
    say(
      `  event-loop delay p99 of each 5 s: median ${percentile(delays, 0.5).toFixed(0)} ms, worst ${Math.max(...delays).toFixed(0)} ms; memory at most ${memory.peak.toFixed(0)} MB`,
    );
  } finally {
    clearTimeout(late);
    stopWatching();
    stopPurging();
    await boss.stop({ graceful: false });
    client.close();
  }
}

/** Until it is called off. An act that fails is missing among the figures; the next one comes all the same. */
function every(ms: number, act: () => Promise<unknown>): () => void {
  const timer = setInterval(() => void act().catch(() => undefined), ms);
  return () => clearInterval(timer);
}

type Person = { client: LoadClient; headers: Headers; product: Product; seen: Seen };

function count({ problems }: Pick<Seen, 'problems'>, problem: string): void {
  problems.set(problem, (problems.get(problem) ?? 0) + 1);
}

function listed(problems: Map<string, number>): string {
  return [...problems].map(([problem, times]) => `${problem} ×${times}`).join(', ') || 'none';
}

/** The answer's body, or null for a failure, which is counted. */
async function call({ client, headers, seen }: Person, path: string, asked: Omit<Asked, 'headers'> = {}) {
  const startedAt = performance.now();
  const answer = await client.ask(`/api/v1${path}`, { ...asked, headers });
  seen.calls.push(performance.now() - startedAt);
  if (answer.failure === undefined && answer.status < 400) {
    return (answer.text === '' ? {} : JSON.parse(answer.text)) as Record<string, unknown>;
  }
  const why = answer.failure ?? `${answer.status} ${answer.text.slice(0, 200)}`;
  count(seen, `${asked.method ?? 'GET'} ${path.replaceAll(/[0-9a-f-]{36}/g, '…')}: ${why}`);
  return null;
}

async function live(person: Person, n: number): Promise<void> {
  const room = await furnish(person);
  if (room === null) return;
  const fileIds = n % 2 === 0 ? await attach(person, room) : [];
  for (let sent = 0; sent < 3; sent += 1) {
    await converse(person, room, sent === 0 ? fileIds : []);
    await call(person, `/rooms/${room}/messages?limit=50`);
    await call(person, '/wallet');
  }
  await call(person, '/usage');
  await call(person, '/search?q=budget');
  if (n % 5 !== 0) return;
  if (await call(person, `/rooms/${room}`, { method: 'DELETE' })) person.seen.gone.push(room);
  await person.product.db.query(`UPDATE rooms SET deleted_at = deleted_at - interval '8 days' WHERE id = $1`, [room]);
}

async function furnish(person: Person): Promise<string | null> {
  const room = await call(person, '/rooms', { method: 'POST', body: { name: 'Beta' } });
  if (!room) return null;
  const id = String(room['id']);
  for (const name of ['Analyst', 'Writer', 'Critic']) {
    const agent = { name, modelAlias: 'llama', rolePrompt: `You are ${name}.` };
    await call(person, `/rooms/${id}/agents`, { method: 'POST', body: agent });
  }
  await call(person, `/rooms/${id}/mode`, { method: 'PUT', body: { mode: 'roundtable' } });
  return id;
}

async function attach(person: Person, room: string): Promise<string[]> {
  const { client, seen } = person;
  const asked = await call(person, `/rooms/${room}/files`, {
    method: 'POST',
    body: { name: 'plan.txt', size: FILE.length, mimeType: 'text/plain' },
  });
  if (!asked) return [];
  const { file, upload } = asked as { file: { id: string }; upload: { url: string; headers: Headers } };
  const { pathname, search } = new URL(upload.url, person.product.server.url);
  const put = await client.ask(pathname + search, { method: 'PUT', headers: upload.headers, body: FILE });
  if (put.failure !== undefined || put.status >= 400) count(seen, `an upload: ${put.failure ?? put.status}`);
  await call(person, `/files/${file.id}/complete`, { method: 'POST', body: {} });
  for (let tries = 0; tries < 60; tries += 1) {
    const now = await call(person, `/files/${file.id}`);
    if (now?.['status'] === 'ready') {
      seen.files += 1;
      return [file.id];
    }
    await sleep(500);
  }
  count(seen, 'a file was not read within 30 s');
  return [];
}

async function converse(person: Person, room: string, fileIds: string[]): Promise<void> {
  const { client, headers, seen } = person;
  const sentAt = performance.now();
  const body = { message: 'What should we do first?', fileIds };
  const sent = await call(person, `/rooms/${room}/turns`, { method: 'POST', body });
  if (!sent) return;
  const { id } = sent['turn'] as { id: string };
  let begun = false;
  let last = 'nothing';
  const parser = createParser({
    onEvent({ event = '' }) {
      last = event;
      if (begun || event !== 'step_delta') return;
      begun = true;
      seen.firstMs.push(performance.now() - sentAt);
    },
  });
  const read = await client.read(`/api/v1/turns/${id}/events`, { headers }, (text) => parser.feed(text));
  seen.turns += 1;
  if (read.failure !== undefined || read.status >= 400) count(seen, `a stream: ${read.failure ?? read.status}`);
  else if (last !== 'turn_completed') count(seen, `a turn ended with ${last}`);
}

/** How many rooms the purge has left, given the time that it needs for the last ones. */
async function whatIsLeft({ db }: Product, rooms: string[]): Promise<number> {
  const until = Date.now() + PURGED_WITHIN_MS;
  for (;;) {
    const { rowCount } = await db.query('SELECT FROM rooms WHERE id = ANY($1::uuid[])', [rooms]);
    if (!rowCount || Date.now() > until) return rowCount ?? 0;
    await sleep(1_000);
  }
}

function errorsOf(logs: string[]): Map<string, number> {
  const errors = new Map<string, number>();
  for (const line of logs) {
    if (!line.startsWith('{') || !/"level":"(error|warn)"/.test(line)) continue;
    const { message, error } = JSON.parse(line) as { message: string; error?: { message?: string } };
    const what = error?.message === undefined ? message : `${message} (${error.message})`;
    errors.set(what, (errors.get(what) ?? 0) + 1);
  }
  return errors;
}

/** Attempts at jobs that failed, and pieces of purging that are tried again. */
async function failedJobs({ db }: Product): Promise<string> {
  const { rows } = await db.query<{ what: string }>(
    `SELECT name || ' ' || state || ' ×' || count(*) AS what FROM pgboss.job
       WHERE state IN ('retry', 'failed') OR retry_count > 0 GROUP BY name, state
     UNION ALL
     SELECT 'purging a ' || kind || ': ' || coalesce(error, state) || ' ×' || count(*) FROM purges
       WHERE attempt > 1 OR state NOT IN ('due', 'running', 'done') GROUP BY kind, state, error`,
  );
  return rows.map(({ what }) => what).join(', ') || 'none';
}
