/**
 * What a turn costs in an old room against one in a young room: `npm run bench:context`. Both rooms are made by real turns
 * through the product on a PostgreSQL of its own and the scripted model server; then turns alternate between them and are
 * measured: statements, bytes of WAL, prompt tokens, credits, CPU, the time to the first words and to the end. Rolling summaries make the cost of single turns a saw-tooth,
 * so the means are over several of its teeth, the summaries' own cost included and shown apart as well.
 *
 * Options: --old 1000 --young 100 (messages), --turns 60, --policy summary.
 * Ends with 1 when statements or credits of the old room are more than 10 % above the young one's.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { addAgent } from '#server/agents/add-agent.ts';
import { ZMemoryPolicy, type MemoryPolicy } from '#server/agents/contract.ts';
import type { App } from '#server/app.ts';
import { admitUser } from '#server/auth/admit-user.ts';
import type { User } from '#server/auth/contract.ts';
import { compose } from '#server/compose.ts';
import { parseEnv } from '#server/platform/env.ts';
import { newId } from '#server/platform/ids.ts';
import { createLogger } from '#server/platform/logger.ts';
import { createRoom } from '#server/rooms/create-room.ts';
import { acceptTurn } from '#server/turns/accept-turn.ts';
import { followEvents } from '#server/turns/follow-events.ts';
import { startModelServer } from '../../tests/support/model-server.ts';
import { startTestCluster, TEMPLATE, urlOf } from '../../tests/support/test-cluster.ts';
import { say } from '../say.ts';

const { values } = parseArgs({
  options: {
    old: { type: 'string', default: '1000' },
    young: { type: 'string', default: '100' },
    turns: { type: 'string', default: '60' },
    policy: { type: 'string', default: 'summary' },
  },
});
/** A question of some 400 tokens and a reply of 100: a summary about every tenth turn. */
const QUESTION = `@Ada ${'What about the river and its banks? '.repeat(45)}`;
const REPLY_TOKENS = 60;
const KEYS = [
  'statements',
  'walKb',
  'promptTokens',
  'microCredits',
  'summaries',
  'cpuMs',
  'firstWordsMs',
  'ms',
] as const satisfies (keyof Cost)[];
/** The most that the old room may cost above the young one. */
const LIMIT = 1.1;

type Cost = {
  statements: number;
  walKb: number;
  promptTokens: number;
  microCredits: number;
  summaries: number;
  cpuMs: number;
  firstWordsMs: number;
  ms: number;
};
type Subject = { app: App; user: User; roomId: string };

const statements = countStatements();
const cluster = await startTestCluster();
const modelServer = await startModelServer({ defaults: { tokens: REPLY_TOKENS } });
const dataDir = await mkdtemp(join(tmpdir(), 'pantheon-bench-'));
const databaseUrl = await createDatabase(cluster.adminUrl);
const env = parseEnv({
  NODE_ENV: 'test',
  PORT: '0',
  APP_URL: 'http://localhost',
  DATA_DIR: dataDir,
  SESSION_SECRET: 'a secret that only benchmarks share, long enough',
  LLM_BASE_URL: modelServer.baseUrl,
  LLM_API_KEY: 'bench',
  LOG_LEVEL: 'error',
  SIGNUP_CREDITS: '100000',
});
const composed = await compose(
  env,
  databaseUrl,
  createLogger(env, new Writable({ write: (_chunk, _, done) => done() })),
);
const { app } = composed;
await composed.start();

const policy = ZMemoryPolicy.parse(values.policy);
const user = await createUser(app);
const young = await createSubject(app, user, policy, 'Young');
const old = await createSubject(app, user, policy, 'Old');
await age(young, Number(values.young));
await age(old, Number(values.old));
// A model's pace: otherwise its first words come with its last.
modelServer.setRules([{ behaviour: { tokens: REPLY_TOKENS, tokenDelayMs: 2 } }]);
const costs = { young: [] as Cost[], old: [] as Cost[] };
for (let turn = 0; turn < Number(values.turns); turn += 1) {
  costs.young.push(await runTurn(young));
  costs.old.push(await runTurn(old));
}
const within = report(costs.young, costs.old);

await composed.close(1_000);
await modelServer.close();
await cluster.stop();
await rm(dataDir, { recursive: true, force: true });
process.exitCode = within ? 0 : 1;

async function createDatabase(adminUrl: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE bench TEMPLATE ${TEMPLATE}`);
  await admin.end();
  return urlOf(adminUrl, 'bench');
}

async function createUser({ prisma, env: given }: App): Promise<User> {
  const email = 'bench@example.com';
  const { userId } = await prisma.$transaction((tx) => admitUser(tx, { env: given }, { email }));
  return { id: userId, email, role: 'user', plan: null, suspended: false };
}

async function createSubject(product: App, owner: User, memoryPolicy: MemoryPolicy, name: string): Promise<Subject> {
  const room = await createRoom(product, { userId: owner.id, room: { name, description: '' } });
  const agent = {
    name: 'Ada',
    modelAlias: 'llama' as const,
    rolePrompt: 'You know rivers.',
    toolPermissions: { search: false, files: false },
    memoryPolicy,
    fallbackAlias: null,
    active: true,
  };
  await addAgent(product, { user: owner, roomId: room.id, agent });
  return { app: product, user: owner, roomId: room.id };
}

/** A turn leaves two messages. */
async function age(subject: Subject, messages: number): Promise<void> {
  say(`A room of ${messages} messages …`);
  for (let count = 0; count < messages; count += 2) await runTurn(subject);
}

async function runTurn({ app: product, user: sender, roomId }: Subject): Promise<Cost> {
  const wal = await readWal(product);
  const before = { statements: statements(), cpu: process.cpuUsage(), at: performance.now() };
  const turn = await acceptTurn(product, {
    user: sender,
    conversation: { kind: 'room', id: roomId },
    request: { message: QUESTION, fileIds: [] },
    idempotencyKey: null,
    requestId: newId(),
  });
  const events = followEvents(product, {
    turnId: turn.id,
    after: 0,
    signal: new AbortController().signal,
    keepAliveMs: 15_000,
  });
  let last = '';
  let firstWordsMs = 0;
  for await (const batch of events) {
    last = batch?.at(-1)?.type ?? last;
    if (batch?.some(({ type }) => type === 'step_delta')) firstWordsMs ||= performance.now() - before.at;
  }
  if (last !== 'turn_completed') throw new Error(`A turn ended with ${last}.`);
  const cpu = process.cpuUsage(before.cpu);
  const measured = { statements: statements() - before.statements, ms: performance.now() - before.at };
  const walKb = ((await readWal(product)) - wal) / 1_024;
  const { rows } = await product.db.query<{ purpose: string; prompt_tokens: number; credits_burned: bigint }>(
    'SELECT purpose, prompt_tokens, credits_burned FROM llm_call_events WHERE turn_id = $1',
    [turn.id],
  );
  return {
    ...measured,
    walKb,
    firstWordsMs,
    cpuMs: (cpu.user + cpu.system) / 1_000,
    promptTokens: rows.reduce((sum, row) => sum + row.prompt_tokens, 0),
    microCredits: Number(rows.reduce((sum, row) => sum + row.credits_burned, 0n)),
    summaries: rows.filter((row) => row.purpose === 'summary').length,
  };
}

/** Bytes that PostgreSQL has written to its log since it was made. */
async function readWal({ db }: App): Promise<number> {
  const { rows } = await db.query<{ bytes: number }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes`,
  );
  return rows[0]?.bytes ?? 0;
}

/** Everything that this process sends to PostgreSQL, whoever sends it, but for the job queue's own polling. */
function countStatements(): () => number {
  let count = 0;
  const prototype = pg.Client.prototype as unknown as { query: (...given: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function counted(...given: unknown[]): unknown {
    const [first] = given;
    const text = typeof first === 'string' ? first : ((first as { text?: string } | null)?.text ?? '');
    if (!/pgboss/.test(text)) count += 1;
    return query.apply(this, given);
  };
  return () => count;
}

function report(youngCosts: Cost[], oldCosts: Cost[]): boolean {
  const plain = (all: Cost[]) => all.filter(({ summaries }) => summaries === 0);
  const rows: [string, Cost[], Cost[]][] = [
    ['all turns', youngCosts, oldCosts],
    ['turns without a summary', plain(youngCosts), plain(oldCosts)],
  ];
  say(
    `\nPer turn, memory policy ${policy}: mean in the young room (${values.young} messages), in the old (${values.old}), ratio`,
  );
  let within = true;
  for (const [name, a, b] of rows) {
    say(`  ${name}: ${a.length} and ${b.length}`);
    for (const key of KEYS) {
      const [less, more] = [mean(a, key), mean(b, key)];
      const ratio = less === 0 && more === 0 ? 1 : more / less;
      say(
        `    ${key.padEnd(14)}${less.toFixed(2).padStart(12)}${more.toFixed(2).padStart(12)}${ratio.toFixed(3).padStart(9)}`,
      );
      if (name === 'all turns' && (key === 'statements' || key === 'microCredits')) within &&= ratio <= LIMIT;
    }
  }
  say(within ? 'Statements and credits are within 10 %.' : 'Statements or credits are more than 10 % above.');
  return within;
}

function mean(costs: Cost[], key: keyof Cost): number {
  return costs.reduce((sum, cost) => sum + cost[key], 0) / Math.max(1, costs.length);
}
