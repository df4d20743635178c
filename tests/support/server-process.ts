import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from '../../scripts/ensure-built.ts';
import { COMPILE_CACHE } from './compile-cache.ts';
import { freePort } from './test-cluster.ts';

const ROOT = join(import.meta.dirname, '../..');

export type ServerOptions = {
  env?: Record<string, string>;
  /** Default: a temporary one with an embedded PostgreSQL of its own, removed by `close`. */
  dataDir?: string;
  /** Instead of the embedded PostgreSQL. */
  databaseUrl?: string;
  port?: number;
  role?: 'all' | 'web' | 'worker';
  readyTimeoutMs?: number;
};

export type ServerProcess = {
  url: string;
  port: number;
  pid: number;
  dataDir: string;
  /** What it printed so far, stdout and stderr, line by line. */
  logs: string[];
  /** Resolves when the process is gone. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends a signal; for those that end the process (all but SIGSTOP and SIGCONT) waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends the process, its embedded PostgreSQL and the temporary data directory. */
  close(): Promise<void>;
};

/** The product as `npm start` runs it, in a process of its own, once it is ready. */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  await ensureBuilt();
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const port = options.port ?? (await freePort());
  const logs: string[] = [];
  const child = spawn(process.execPath, ['server/index.ts'], {
    cwd: ROOT,
    env: {
      ...systemEnv(),
      ...COMPILE_CACHE,
      NODE_ENV: 'development',
      PORT: String(port),
      DATA_DIR: dataDir,
      PANTHEON_ROLE: options.role ?? 'all',
      ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) collectLines(stream, logs);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });

  async function kill(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await exited;
  }

  async function close(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) await kill('SIGKILL');
    await stopEmbeddedPostgres(dataDir);
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  }

  const url = `http://localhost:${port}`;
  try {
    await waitUntilReady(url, exited, options.readyTimeoutMs ?? 60_000);
  } catch (error) {
    await close();
    throw new Error(`The server did not become ready.\n${logs.slice(-40).join('\n')}`, { cause: error });
  }
  return { url, port, pid: child.pid ?? -1, dataDir, logs, exited, kill, close };
}

/** A data directory that PostgreSQL's OS user can pass through; the caller removes it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-data-'));
  await chmod(folder, 0o755);
  return folder;
}

/** A killed server leaves its embedded PostgreSQL running; this ends it. */
export async function stopEmbeddedPostgres(dataDir: string): Promise<void> {
  const file = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(file.split('\n')[0]);
  if (!(pid > 0)) return;
  try {
    process.kill(pid, 'SIGINT');
    for (let waited = 0; waited < 10_000; waited += 20) {
      process.kill(pid, 0);
      await sleep(20);
    }
  } catch {
    // It is gone.
  }
}

async function waitUntilReady(url: string, exited: ServerProcess['exited'], timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const ended = exited.then(({ code, signal }) => {
    throw new Error(`it ended with ${signal ?? code}`);
  });
  ended.catch(() => undefined); // Nobody waits for it once the server is ready.
  while (Date.now() < deadline) {
    const response = await fetch(`${url}/readyz`).catch(() => null);
    if (response?.status === 200) return;
    await Promise.race([sleep(50), ended]);
  }
  throw new Error(`it was not ready after ${timeoutMs} ms`);
}

function collectLines(stream: NodeJS.ReadableStream, lines: string[]): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
}

/** The configuration of whoever runs the tests (keys!) is none of the server's. */
function systemEnv(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
