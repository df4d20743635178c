import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../tests/support/test-cluster.ts';
import { cpuSecondsOf } from './cpu.ts';
import { readUntil } from './read-until.ts';
import type { Subject, SubjectOptions } from './subject.ts';

/** Starts one of the reference servers beside this file: `POST /` with `{conversation, message}` streams text. */
export async function startReference(name: string, file: string, options: SubjectOptions): Promise<Subject> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    env: {
      ...process.env,
      PORT: String(port),
      MODEL_BASE_URL: options.modelBaseUrl,
      DATABASE_URL: options.databaseUrl,
    },
    stdio: 'inherit',
  });
  const url = `http://127.0.0.1:${port}/`;
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) break;
    if (tries > 300 || child.exitCode !== null) throw new Error(`${name} did not start.`);
    await sleep(100);
  }
  return {
    name,
    async ask(n) {
      const startedAt = performance.now();
      const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify({ conversation: String(n), message: 'What should we do first?' }),
      });
      const firstAt = await readUntil(response, /data: /);
      return { firstToken: firstAt - startedAt, accepted: null, ended: performance.now() - startedAt };
    },
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
    close() {
      child.kill('SIGKILL');
      return new Promise((resolve) => child.once('exit', () => resolve()));
    },
  };
}
