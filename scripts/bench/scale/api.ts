import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { startModelServer } from '../../../tests/support/model-server.ts';
import { say } from '../../say.ts';
import { cpuSecondsOf } from '../turns/cpu.ts';
import { createUsers, type BenchUser } from '../turns/pantheon.ts';
import { createLoadClient, type LoadClient } from './client.ts';
import { fill, PEOPLE } from './fill.ts';
import { percentile, startProduct, type Product } from './product.ts';

const SECONDS = 60;
const CONNECTIONS = 64;
/** What is not answered so long after the last request was due counts as not answered. */
const GRACE_MS = 30_000;
/** What no request may read from end to end. */
const LARGE = [
  'users',
  'rooms',
  'room_agents',
  'room_sessions',
  'messages',
  'turns',
  'turn_steps',
  'turn_events',
  'llm_call_events',
  'credit_transactions',
];

type Place = { room: string; turn: string };
type Person = { headers: BenchUser['headers']; place: Place };
type Request = { path: string; method?: string; body?: unknown };

/** Everything but models. */
const REQUESTS: Record<string, (place: Place, n: number) => Request> = {
  'the rooms': () => ({ path: '/rooms' }),
  'a room': ({ room }) => ({ path: `/rooms/${room}` }),
  'its turns': ({ room }) => ({ path: `/rooms/${room}/turns?limit=20` }),
  'its messages': ({ room }) => ({ path: `/rooms/${room}/messages?limit=50` }),
  'a turn': ({ turn }) => ({ path: `/turns/${turn}` }),
  'a receipt': ({ turn }) => ({ path: `/turns/${turn}/receipt` }),
  'the wallet': () => ({ path: '/wallet' }),
  'the usage': () => ({ path: '/usage' }),
  'a search': () => ({ path: '/search?q=budget' }),
  'a quote': ({ room }) => ({ path: `/rooms/${room}/quote`, method: 'POST', body: { message: '@all What now?' } }),
  'a change': ({ room }, n) => ({ path: `/rooms/${room}`, method: 'PATCH', body: { description: `Changed by ${n}` } }),
};
const NAMES = Object.keys(REQUESTS);

/** Asked at each of the rates in turn, a steady one whatever the answers take, on one database. */
export async function benchApi(size: { rates: number[]; rooms: number; usageRows: number }): Promise<void> {
  const model = await startModelServer();
  try {
    let people: Person[] = [];
    let scans: Record<string, number> = {};
    const product = await startProduct(
      { LLM_BASE_URL: model.baseUrl, LIMIT_API_REQUESTS: '1000000' },
      async (db, databaseUrl) => {
        const users = await createUsers(databaseUrl, PEOPLE);
        await fill(db, size);
        people = await placesOf(db, users);
        scans = await readScans(db);
      },
    );
    try {
      await askAtRates(product, people, size.rates);
      // Its connections tell what they did when they end.
      await product.server.kill('SIGTERM');
      const after = await readScans(product.db);
      const read = LARGE.filter((table) => after[table] !== scans[table]);
      const times = read.map((table) => `${table} ×${(after[table] ?? 0) - (scans[table] ?? 0)}`);
      say(`  read from end to end, from the start of the process to its end: ${times.join(', ') || 'none'}`);
    } finally {
      await product.close();
    }
  } finally {
    await model.close();
  }
}

/** Each with one of their rooms and its last turn. */
async function placesOf(db: pg.Pool, users: BenchUser[]): Promise<Person[]> {
  const { rows } = await db.query<Place & { owner: string }>(
    `SELECT DISTINCT ON (r.owner_id) r.owner_id AS owner, r.id AS room, b.head_turn_id AS turn
     FROM rooms r JOIN room_sessions b ON b.room_id = r.id WHERE r.name LIKE 'Bench %' ORDER BY r.owner_id`,
  );
  const places = new Map(rows.map((row) => [row.owner, row]));
  return users.flatMap(({ id, headers }) => {
    const place = places.get(id);
    return place ? [{ headers, place }] : [];
  });
}

async function askAtRates({ server }: Product, people: Person[], rates: number[]): Promise<void> {
  const client = createLoadClient(server.url, CONNECTIONS);
  try {
    for (let n = 0; n < 500; n += 1) await askOne(client, people, n, performance.now());
    for (const rate of rates) {
      const cpu = cpuSecondsOf(server.pid);
      await askAtRate(client, people, rate);
      say(`  the product's own CPU: ${(cpuSecondsOf(server.pid) - cpu).toFixed(1)} s`);
    }
  } finally {
    client.close();
  }
}

type Outcome = { name: string; ms: number; failure: string | null };

/** Timed from when it was due, so that whatever holds up the one that asks, or the ones before it, counts. */
async function askOne(client: LoadClient, people: Person[], n: number, dueAt: number): Promise<Outcome> {
  const name = NAMES[n % NAMES.length] ?? '';
  const person = people[n % people.length];
  const wanted = person && REQUESTS[name]?.(person.place, n);
  if (!wanted) throw new Error('There is nobody who owns a room.');
  const answer = await client.ask(`/api/v1${wanted.path}`, { ...wanted, headers: person.headers });
  const ms = performance.now() - dueAt;
  if (answer.failure !== undefined) return { name, ms, failure: answer.failure };
  return { name, ms, failure: answer.status < 400 ? null : String(answer.status) };
}

async function askAtRate(client: LoadClient, people: Person[], rate: number): Promise<void> {
  say(`api: ${rate} requests a second for ${SECONDS} s`);
  const outcomes: Outcome[] = [];
  const running: Promise<void>[] = [];
  const startAt = performance.now();
  for (let n = 0; n < rate * SECONDS; n += 1) {
    const dueAt = startAt + (n * 1_000) / rate;
    const wait = dueAt - performance.now();
    if (wait > 1) await sleep(wait);
    running.push(askOne(client, people, n, dueAt).then((outcome) => void outcomes.push(outcome)));
  }
  const overdue = setTimeout(() => client.close(), GRACE_MS);
  await Promise.all(running);
  clearTimeout(overdue);
  const seconds = (performance.now() - startAt) / 1_000;
  for (const name of NAMES) sayTimes(name, outcomes.filter((outcome) => outcome.name === name)); // prettier-ignore
  sayTimes('all', outcomes);
  const failures = new Map<string, number>();
  for (const { name, failure } of outcomes) {
    if (failure === null) continue;
    const kind = `${name}: ${failure}`;
    failures.set(kind, (failures.get(kind) ?? 0) + 1);
  }
  say(`  ${(outcomes.length / seconds).toFixed(0)} answers a second`);
  say(`  not answered with success: ${[...failures].map(([kind, count]) => `${kind} ×${count}`).join(', ') || 'none'}`);
}

/** A request without an answer took as long as it was waited for. */
function sayTimes(name: string, outcomes: Outcome[]): void {
  const times = outcomes.map(({ ms }) => ms);
  const figure = (share: number) => `${percentile(times, share).toFixed(1).padStart(7)} ms`;
  say(`  ${name.padEnd(14)} p50 ${figure(0.5)}   p95 ${figure(0.95)}   p99 ${figure(0.99)}`);
}

async function readScans(db: pg.Pool): Promise<Record<string, number>> {
  await db.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await db.query<{ name: string; scans: number }>(
    'SELECT relname AS name, seq_scan::int AS scans FROM pg_stat_user_tables WHERE relname = ANY ($1)',
    [LARGE],
  );
  return Object.fromEntries(rows.map(({ name, scans }) => [name, scans]));
}
