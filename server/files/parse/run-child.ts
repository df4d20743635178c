import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { Answer, Order } from './child.ts';
import { LIMITS } from './limits.ts';
import { parseFailure, type ParseFailure } from './parsed.ts';

export type ChildRun = { answer: Answer | null; failure: ParseFailure | null; peakRssMb: number; durationMs: number };

const CHILD = join(import.meta.dirname, 'child.ts');
const WATCH_MS = 40;

/**
 * Carries an order out in a short-lived process: no environment, no network, no writing, no programs; killed when it takes
 * too long, too much memory or says too much. (A thread would not do: its limits don't count array buffers.)
 */
export async function runChild(
  order: Order,
  bytes: Buffer,
  signal?: AbortSignal,
  onProgress?: (percent: number) => void,
): Promise<ChildRun> {
  const begun = performance.now();
  const child = spawn(...commandLine(), {
    env: {} as NodeJS.ProcessEnv,
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    cwd: '/',
  }) as ChildProcessByStdio<Writable, Readable, null>;
  const ended: { failure: ParseFailure | null } = { failure: null };
  let peakBytes = 0;
  const end = (code: 'timeout' | 'memory' | 'too_large' | 'crashed') => {
    ended.failure ??= parseFailure(code);
    child.kill('SIGKILL');
  };
  const onAbort = () => end('crashed');
  signal?.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(() => end('timeout'), LIMITS.wallMs);
  let watching: Promise<void> | null = null;
  const watch = setInterval(() => {
    watching ??= residentBytes(child.pid).then((resident) => {
      watching = null;
      peakBytes = Math.max(peakBytes, resident);
      if (resident > LIMITS.residentBytes) end('memory');
    });
  }, WATCH_MS);
  try {
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.once('error', () => resolve({ code: -1, signal: null }));
      child.once('close', (code, killedBy) => resolve({ code, signal: killedBy }));
    });
    const output: Buffer[] = [];
    let said = 0;
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.byteLength;
      if (said > LIMITS.outputBytes) end('too_large');
      else output.push(piece);
    });
    child.stdio[3]?.on('data', (piece: Buffer) => {
      const percent = Number(piece.toString('latin1').trim().split('\n').at(-1));
      if (Number.isInteger(percent) && percent >= 0 && percent <= 100) onProgress?.(percent);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${JSON.stringify(order)}\n`);
    child.stdin.end(bytes);
    const exit = await exited;
    const run = { peakRssMb: Math.round(peakBytes / 1024 / 1024), durationMs: Math.round(performance.now() - begun) };
    if (ended.failure) return { answer: null, failure: ended.failure, ...run };
    if (exit.code !== 0) return { answer: null, failure: parseFailure(codeOfExit(exit)), ...run };
    return { answer: readAnswer(Buffer.concat(output)), failure: null, ...run };
  } finally {
    clearTimeout(deadline);
    clearInterval(watch);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Through a shell where there is one: it sets the limits that only the system can keep, then becomes the child. */
function commandLine(): [string, string[]] {
  const node = [
    `--max-old-space-size=${LIMITS.heapMegabytes}`,
    '--no-warnings',
    '--permission',
    ...readable().map((path) => `--allow-fs-read=${path}`),
    CHILD,
  ];
  if (process.platform === 'win32') return [process.execPath, node];
  const script = `ulimit -t ${LIMITS.cpuSeconds}; ulimit -c 0; exec "$@"`;
  return ['/bin/sh', ['-c', script, 'sh', process.execPath, ...node]];
}

/** This folder, what it uses beside it, and the libraries; never the data directory. */
function readable(): string[] {
  const server = join(import.meta.dirname, '../..');
  const root = join(server, '..');
  return [join(server, 'files'), join(root, 'node_modules'), join(root, 'package.json')];
}

/** 134: out of heap. A CPU limit ends with SIGXCPU, or SIGKILL where the hard limit comes first. */
function codeOfExit({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }) {
  if (signal === 'SIGXCPU' || signal === 'SIGKILL') return 'timeout';
  return code === 134 || signal === 'SIGABRT' ? 'memory' : 'crashed';
}

function readAnswer(output: Buffer): Answer {
  try {
    return JSON.parse(output.toString('utf8')) as Answer;
  } catch {
    return { ok: false, ...pick(parseFailure('crashed')) };
  }
}

function pick({ code, message }: ParseFailure): { code: ParseFailure['code']; message: string } {
  return { code, message };
}

/** What the process holds in memory now; 0 when it is gone. */
async function residentBytes(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    if (process.platform === 'linux') return 0;
    const listed = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({ stdout: '0' }));
    return Number(listed.stdout.trim()) * 1024;
  }
}
