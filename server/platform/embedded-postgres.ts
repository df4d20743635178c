import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findBinaries, type Owner, type PostgresBinaries } from '#server/platform/postgres-binaries.ts';
import { withFolderLock } from '#server/platform/folder-lock.ts';

const run = promisify(execFile);

const START_TIMEOUT_MS = 60_000;

/** The longest path of a socket that every system takes, in bytes. */
const LONGEST_SOCKET = 103;

/** Room for several processes on one cluster; durability is left at its safe defaults. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  max_connections: '200',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  wal_compression: 'on',
  log_min_messages: 'warning',
  // Neither the values that a statement failed on nor its text: they may be somebody's words.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  timezone: 'UTC',
};

export type EmbeddedPostgres = {
  /**
   * A libpq URL: by way of a socket in the cluster's own folder where the system has them, which costs less than TCP. The
   * one that is kept in `DATA_DIR/database.url` (mode 0600) is by TCP, for everybody's tools.
   */
  url: string;
  how: 'created' | 'started' | 'attached';
  /** Stops the cluster, unless another process uses it or it was only attached to. */
  stop: () => Promise<void>;
};

type Cluster = { dataDir: string; folder: string; urlFile: string };

/**
 * PostgreSQL inside `dataDir`. Whatever state the folder is in, one of these happens: a new cluster is made; a stopped or
 * crashed one is started; one that still runs (left by a killed process, or in use by another) is attached to.
 * Processes that start together take turns under a lock.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  report: (line: string) => void = () => undefined,
): Promise<EmbeddedPostgres> {
  const owner = await clusterOwner();
  await mkdir(dataDir, { recursive: true });
  const cluster = { dataDir, folder: join(dataDir, 'postgres'), urlFile: join(dataDir, 'database.url') };
  return withFolderLock(join(dataDir, 'postgres.lock'), async () => {
    const existing = await runningCluster(cluster);
    if (existing !== null) {
      const url = await bySocket(existing.url, cluster.folder);
      return { url, how: 'attached', stop: () => stopCluster(cluster, existing.pid) };
    }
    const binaries = await findBinaries(dataDir, owner);
    const created = !(await exists(join(cluster.folder, 'PG_VERSION')));
    if (created) {
      report('Making a database (once)');
      await createCluster(cluster, binaries, owner);
    }
    const { url, pid } = await startCluster(cluster, binaries, owner);
    const how = created ? 'created' : 'started';
    return { url: await bySocket(url, cluster.folder), how, stop: () => stopCluster(cluster, pid) };
  });
}

/** The same database by its socket, if that leads there: whoever started the cluster may have given it none. */
async function bySocket(url: string, folder: string): Promise<string> {
  if (socketFolder(folder) === '') return url;
  const socketUrl = new URL(url);
  socketUrl.searchParams.set('host', folder);
  return (await ping(socketUrl.href, folder)) === 'ready' ? socketUrl.href : url;
}

/** Where the cluster puts its socket: in its folder, which nobody else may enter. Empty where it can have none. */
function socketFolder(folder: string): string {
  const longest = Buffer.byteLength(join(folder, '.s.PGSQL.65535'));
  // The setting is a list of folders.
  const takes = process.platform !== 'win32' && longest <= LONGEST_SOCKET && !/[,"]/.test(folder);
  return takes ? folder : '';
}

/** PostgreSQL refuses to run as root: root runs it as the OS user `postgres`, made if there is none. */
async function clusterOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return null;
  const lookUp = async () => {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await lookUp();
  } catch {
    try {
      await run('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--shell',
        '/usr/sbin/nologin',
        'postgres',
      ]);
      return await lookUp();
    } catch (cause) {
      throw new Error(
        'PostgreSQL refuses to run as root, and no user “postgres” could be made for it. ' +
          'Start Pantheon as an ordinary user, or set DATABASE_URL.',
        { cause },
      );
    }
  }
}

/** The cluster's live server, judged by connecting to it: a postmaster.pid may be stale and its pid another program's. */
async function runningCluster({ folder, urlFile }: Cluster): Promise<{ url: string; pid: number } | null> {
  const [url, pid] = await Promise.all([readText(urlFile), readPid(folder)]);
  if (url === null || pid === null || !isAlive(pid)) return null;
  if (await isAnotherProgram(pid)) {
    // PostgreSQL would take it for a live server of its own; in a restarted container ids come round soon.
    await rm(join(folder, 'postmaster.pid'), { force: true });
    return null;
  }
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (isAlive(pid) && Date.now() < deadline) {
    // Not yet ready: recovering from a crash, or shutting down.
    if ((await ping(url, folder)) === 'ready') return { url, pid };
    await sleep(100);
  }
  if (!isAlive(pid)) return null;
  throw new Error(`A PostgreSQL (process ${pid}) holds ${folder} but can’t be reached at the address in ${urlFile}.`);
}

async function createCluster(
  { dataDir, folder, urlFile }: Cluster,
  binaries: PostgresBinaries,
  owner: Owner,
): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  const half = join(dataDir, 'postgres.new');
  const passwordFile = join(dataDir, 'postgres.password');
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner !== null) {
    await Promise.all([chown(half, owner.uid, owner.gid), chown(passwordFile, owner.uid, owner.gid)]);
  }
  try {
    await run(
      binaries.initdb,
      [
        ...['--pgdata', half, '--username', 'pantheon', '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale-provider', 'builtin', '--locale', 'C.UTF-8'],
        '--no-instructions',
      ],
      { ...owner, cwd: owner === null ? dataDir : '/', env: systemEnv() },
    );
  } catch (cause) {
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`The embedded database could not be made in ${dataDir}: ${words}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  // The URL first: a cluster whose password nobody knows is worth nothing. The rename makes the cluster count.
  await writeSecret(urlFile, `postgresql://pantheon:${password}@127.0.0.1:0/pantheon`);
  await rename(half, folder);
}

async function startCluster(
  cluster: Cluster,
  binaries: PostgresBinaries,
  owner: Owner,
): Promise<{ url: string; pid: number }> {
  const { folder, urlFile, dataDir } = cluster;
  const known = await readText(urlFile);
  if (known === null) {
    throw new Error(
      `${urlFile} is missing, and with it the password of the database in ${folder}. ` +
        'Put the file back, or move the folder away to start with an empty database.',
    );
  }
  const logFile = join(dataDir, 'postgres.log');
  for (let attempt = 1; ; attempt++) {
    const url = new URL(known);
    url.port = String(await freePort(Number(url.port)));
    await writeSecret(urlFile, url.href);
    const pid = await spawnPostgres(folder, Number(url.port), binaries, owner, logFile);
    const outcome = await waitUntilReady(url.href, folder, pid);
    if (outcome === 'ready') {
      await createDatabase(url);
      return { url: url.href, pid };
    }
    // Somebody may have taken the port between the look and the start: try others before giving up.
    const words = await lastLines(logFile);
    if (attempt >= 3 || !words.includes('could not bind')) {
      throw new Error(`The embedded database did not start. Its log (${logFile}) ends:\n${words}`);
    }
  }
}

/** In a session of its own: Ctrl-C in the terminal must not reach the database before the turns have been drained. */
async function spawnPostgres(
  folder: string,
  port: number,
  binaries: PostgresBinaries,
  owner: Owner,
  logFile: string,
): Promise<number> {
  const all = { ...SETTINGS, unix_socket_directories: socketFolder(folder) };
  const settings = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(logFile, 'a', 0o600);
  try {
    const child = spawn(binaries.postgres, ['-D', folder, '-p', String(port), ...settings], {
      ...owner,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: systemEnv(),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    if (child.pid === undefined) throw new Error('The embedded database has no process id.');
    return child.pid;
  } finally {
    await log.close();
  }
}

async function waitUntilReady(url: string, folder: string, pid: number): Promise<'ready' | 'gone'> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (isAlive(pid) && Date.now() < deadline) {
    if ((await ping(url, folder)) === 'ready') return 'ready';
    await sleep(25);
  }
  return 'gone';
}

async function createDatabase(url: URL): Promise<void> {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'pantheon'`);
    if (rowCount === 0) await client.query('CREATE DATABASE pantheon');
  } finally {
    await client.end();
  }
}

/** A fast shutdown, but only once no other Pantheon process is connected: the last one out turns off the light. */
async function stopCluster({ dataDir, folder, urlFile }: Cluster, pid: number): Promise<void> {
  await withFolderLock(join(dataDir, 'postgres.lock'), async () => {
    const url = await readText(urlFile);
    if (url === null || (await readPid(folder)) !== pid || (await countOthers(url)) > 0) return;
    process.kill(pid, 'SIGINT');
    // Its last act is to remove postmaster.pid. (The process may stay as a zombie where nobody reaps orphans.)
    const deadline = Date.now() + 10_000;
    while ((await readPid(folder)) === pid && Date.now() < deadline) await sleep(25);
  });
}

async function countOthers(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND datname = current_database()`,
    );
    return rows[0]?.n ?? 0;
  } catch {
    return 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** `ready` only for the cluster of this folder: after a crash its old port may answer for someone else. */
async function ping(url: string, folder: string): Promise<'ready' | 'absent'> {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href, connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
    return rows[0]?.folder === folder ? 'ready' : 'absent';
  } catch {
    return 'absent';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The preferred port when it is free, else any: a stable port keeps people's database tools connected. */
async function freePort(preferred: number): Promise<number> {
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const chosen = (server.address() as AddressInfo).port;
        server.close(() => resolve(chosen));
      });
    });
  return preferred === 0 ? listen(0) : listen(preferred).catch(() => listen(0));
}

async function writeSecret(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${text}\n`, { mode: 0o600 });
  await rename(temporary, path);
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then(
    (text) => text.trim() || null,
    () => null,
  );
}

async function readPid(folder: string): Promise<number | null> {
  const pid = Number((await readText(join(folder, 'postmaster.pid')))?.split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Only where /proc tells. */
async function isAnotherProgram(pid: number): Promise<boolean> {
  const name = await readText(`/proc/${pid}/comm`);
  return name !== null && name !== 'postgres';
}

async function lastLines(path: string): Promise<string> {
  const text = (await readText(path)) ?? '';
  return text.split('\n').slice(-12).join('\n');
}

/** Nothing of our own configuration (keys!) belongs in the environment of the database. */
function systemEnv(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
