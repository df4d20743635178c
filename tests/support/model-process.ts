import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from './model-server/behaviour.ts';
import type { LogEntry } from './model-server/log.ts';

export type ModelProcess = {
  /** Ends in `/v1`. */
  baseUrl: string;
  setRules(rules: Rule[]): Promise<void>;
  /** What it was asked and what it served, so far. */
  log(): Promise<LogEntry[]>;
  /** Its log once it serves nobody any more: whoever asked has the answer, or has gone. */
  settledLog(): Promise<LogEntry[]>;
  close(): Promise<void>;
};

/** The scripted model server as a process of its own: whatever is killed, its log is whole, and judges. */
export async function startModelProcess(rules: Rule[] = []): Promise<ModelProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'model-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const first = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject);
    void exited.then(() => reject(new Error('The model server did not start.')));
  });
  const { baseUrl } = JSON.parse(first) as { baseUrl: string };
  const control = baseUrl.replace(/\/v1$/, '/_control');

  const process_: ModelProcess = {
    baseUrl,
    async setRules(given) {
      const response = await fetch(`${control}/rules`, { method: 'PUT', body: JSON.stringify(given) });
      if (!response.ok) throw new Error(`The model server refused the rules: ${response.status}`);
    },
    async log() {
      const response = await fetch(`${control}/log`);
      return ((await response.json()) as { items: LogEntry[] }).items;
    },
    async settledLog() {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const entries = await process_.log();
        if (entries.every((entry) => entry.finishedAt !== null) || Date.now() > deadline) return entries;
        await sleep(100);
      }
    },
    async close() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  await process_.setRules(rules);
  return process_;
}
