/**
 * What a turn costs: `npm run bench` (ten minutes) or `npm run bench -- --quick` (two: fewer turns, only Pantheon in one process
 * and what it is compared with first, and nothing is kept). One message to a roundtable of three agents, 50 tokens each, over
 * HTTP, against a local model server and a PostgreSQL that syncs to disk. The product runs beside the least that three agents
 * can cost and beside the engines it is built on, in turn, in the same run: machines differ and are noisy, so only ratios within
 * one run mean anything.
 *
 * Prints one table, compares it with the committed figures and writes docs/bench/turns.json, unless it is a part or the machine
 * was not equally quick throughout.
 * Options: --quick, --only NAME, --out FILE; --rooms N (64): in how many conversations the messages of 16 at once are written in
 * turn: the fewer they are, the older they get.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startModelServer } from '../../tests/support/model-server.ts';
import { startTestCluster, TEMPLATE, urlOf } from '../../tests/support/test-cluster.ts';
import { say } from '../say.ts';
import { cpuSecondsOfTree } from './turns/cpu.ts';
import { startLangGraphApi } from './turns/langgraph-api.ts';
import { startPantheon } from './turns/pantheon.ts';
import { startReference } from './turns/reference-process.ts';
import { compareReport, isComparable, printReport, writeReport, type Figures } from './turns/report.ts';
import type { Asked, Subject, SubjectOptions } from './turns/subject.ts';
import { yardstick } from './turns/yardstick.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string' },
    rooms: { type: 'string', default: '64' },
  },
});
const ROOMS = 64;
// After so many turns nearly all that a server runs is compiled, and its connections know their statements.
const TURNS = values.quick
  ? { fastWarmUp: 160, fast: 96, alone: 40, busyWarmUp: ROOMS, busy: 2 * ROOMS }
  : { fastWarmUp: 600, fast: 240, alone: 80, busyWarmUp: 1.5 * ROOMS, busy: 3 * ROOMS };
/**
 * As long for the quick as for the slow: what comes by now and then (a merge in PostgreSQL, another's job) falls into every
 * window or into none.
 */
const FAST_MS = values.quick ? 0 : 10_000;
const QUICK = ['floor', 'langgraph', 'pantheon'];

const cluster = await startTestCluster({
  fast: false,
  socket: true,
  // Images of pages are compressed, as in the PostgreSQL that the product brings along, which is reached by a socket as well.
  settings: { shared_preload_libraries: 'pg_stat_statements', wal_compression: 'on' },
});
const admin = new pg.Client({ connectionString: cluster.adminUrl });
await admin.connect();
await admin.query('CREATE EXTENSION pg_stat_statements');
const atOnce = await startModelServer({ defaults: { tokens: 50 } });
const realistic = await startModelServer({ defaults: { tokens: 50, firstTokenDelayMs: 200, tokenDelayMs: 10 } });

const SUBJECTS: Record<string, (options: SubjectOptions) => Promise<Subject>> = {
  floor: (options) => startReference('floor', 'reference-floor.ts', options),
  langgraph: (options) => startReference('LangGraph + PostgresSaver', 'reference-langgraph.ts', options),
  'langgraph-api': startLangGraphApi,
  pantheon: (options) => startPantheon(options),
  'pantheon web+worker': (options) =>
    startPantheon({ ...options, roles: ['web', 'worker'], name: 'Pantheon, web + worker' }),
  'pantheon 2+2': (options) =>
    startPantheon({ ...options, roles: ['web', 'worker', 'worker', 'web'], name: 'Pantheon, 2 web + 2 workers' }),
};

const report: Figures[] = [];
try {
  for (const [key, start] of Object.entries(SUBJECTS)) {
    if (values.only ? values.only !== key : values.quick && !QUICK.includes(key)) continue;
    report.push(await measure(key, start));
  }
  printReport(report);
  await compareReport(report);
  // A part of a run doesn’t replace the whole one’s figures.
  if (isComparable(report) && (values.out || !(values.only || values.quick))) await writeReport(report, values.out);
} finally {
  await admin.end();
  await atOnce.close();
  await realistic.close();
  await cluster.stop();
}

async function measure(key: string, start: (options: SubjectOptions) => Promise<Subject>): Promise<Figures> {
  const database = `bench_${key.replaceAll(/\W/g, '_')}`;
  await admin.query(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`);
  const options = { databaseUrl: urlOf(cluster.adminUrl, database), conversations: ROOMS };
  yardstick(); // The first is compiled on the way.
  const machineMs = [yardstick()];
  const subject = await start({ ...options, modelBaseUrl: atOnce.baseUrl });
  say(`${subject.name} …`);
  let fast, alone;
  try {
    fast = await load(subject, {
      warmUp: TURNS.fastWarmUp,
      turns: TURNS.fast,
      forMs: FAST_MS,
      atOnce: 16,
      rooms: Number(values.rooms),
    });
    alone = await load(subject, { warmUp: 2, turns: TURNS.alone, atOnce: 1 });
  } finally {
    await subject.close();
  }
  machineMs.push(yardstick());
  const slow = await start({ ...options, modelBaseUrl: realistic.baseUrl });
  try {
    const busy = await load(slow, { warmUp: TURNS.busyWarmUp, turns: TURNS.busy, atOnce: ROOMS, apartMs: 35 });
    machineMs.push(yardstick());
    return { name: subject.name, fast, busy, alone, machineMs };
  } finally {
    await slow.close();
    atOnce.clearLog();
    realistic.clearLog();
    // Or its vacuum would be written in the next one's window.
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
  }
}

type Load = { warmUp: number; turns: number; forMs?: number; atOnce: number; rooms?: number; apartMs?: number };

/**
 * Keeps `atOnce` messages under way, one per conversation at a time, in `rooms` conversations one after the other, and measures
 * `turns` of them, or as many as there are in `forMs`, while it does: from when `warmUp` have ended (compiled, cached, under
 * way), so neither the start nor the end of the load is measured. The first messages begin `apartMs` apart: people who all
 * press Enter in the same instant, turn after turn, would be another load.
 */
async function load(
  subject: Subject,
  { warmUp, turns: least, forMs = 0, atOnce, rooms = ROOMS, apartMs = 0 }: Load,
): Promise<Figures['fast']> {
  const asked: Asked[] = [];
  let ended = 0;
  const measured: { from?: Promise<Used>; to?: Promise<Used> } = {};
  let turns = 0;
  let fromAt = 0;
  const isOver = () => measured.to !== undefined;
  const worker = async (n: number) => {
    await sleep(n * apartMs);
    for (let room = n; !isOver(); room = (room + atOnce) % rooms) {
      const one = await subject.ask(room);
      ended += 1;
      if (measured.from && !isOver()) {
        asked.push(one);
        turns += 1;
        if (turns >= least && performance.now() - fromAt >= forMs) measured.to = used(subject);
      }
      if (ended === warmUp) {
        fromAt = performance.now();
        measured.from = used(subject);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, n) => worker(n)));
  const [from, to] = await Promise.all([measured.from, measured.to]);
  if (!from || !to) throw new Error('Too few turns were asked for.');
  const accepted = asked.flatMap((one) => one.accepted ?? []);
  return {
    turnsPerSecond: (turns * 1_000) / (to.at - from.at),
    cpuMsPerTurn: (to.subjectMs - from.subjectMs) / turns,
    postgresCpuMsPerTurn: (to.postgresMs - from.postgresMs) / turns,
    benchCpuMsPerTurn: (to.benchMs - from.benchMs) / turns,
    statementsPerTurn: (to.statements - from.statements) / turns,
    walKbPerTurn: (to.walBytes - from.walBytes) / 1_024 / turns,
    firstTokenMs: spread(asked.map((one) => one.firstToken)),
    acceptedMs: accepted.length > 0 ? spread(accepted) : null,
  };
}

type Used = { at: number; subjectMs: number; postgresMs: number; benchMs: number } & Awaited<
  ReturnType<typeof ofDatabase>
>;

/** What has been used so far, processor time by whom. */
async function used(subject: Subject): Promise<Used> {
  const sofar = {
    at: performance.now(),
    subjectMs: subject.cpuSeconds() * 1_000,
    postgresMs: cpuSecondsOfTree(cluster.pid) * 1_000,
    benchMs: totalMs(process.cpuUsage()),
  };
  return { ...sofar, ...(await ofDatabase()) };
}

/** Statements as PostgreSQL counts them, BEGIN and COMMIT included, those inside of functions not; and the log it wrote. */
async function ofDatabase(): Promise<{ statements: number; walBytes: number }> {
  const { rows } = await admin.query<{ statements: string; wal: string }>(
    `SELECT coalesce(sum(calls), 0) AS statements, pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS wal FROM pg_stat_statements`,
  );
  return { statements: Number(rows[0]?.statements), walBytes: Number(rows[0]?.wal) };
}

function totalMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}

function spread(figures: number[]): { p50: number; p95: number } {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}
