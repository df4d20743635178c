/**
 * Starts LangGraph's development server on the graphs that production runs (graphs/studio.ts), says where Studio opens, and
 * stays in front of it: no key, no account, no browser, nothing sent home.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvError } from '#server/platform/env.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const READY_WITHIN_MS = 120_000;

try {
  await runStudio(loadEnv().studioPort);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof EnvError ? 2 : 1;
}

async function runStudio(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}`;
  if (await answers(url)) throw new Error(`Port ${port} is taken by another program. Choose one by STUDIO_PORT.`);
  const cli = join(ROOT, 'node_modules/@langchain/langgraph-cli/dist/cli/cli.mjs');
  const server = spawn(process.execPath, [cli, 'dev', '--no-browser', '--host', '127.0.0.1', '--port', String(port)], {
    cwd: ROOT,
    env: { ...process.env, LANGGRAPH_CLI_NO_ANALYTICS: '1', LANGSMITH_TRACING: 'false' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => resolve(code ?? 0));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
  const up = await Promise.race([untilReady(url), ended]);
  if (up === true) {
    say(`\nThe graphs are served at ${url} (manual, roundtable, orchestrator, direct).`);
    say(`Studio:  https://smith.langchain.com/studio?baseUrl=${encodeURIComponent(url)}`);
    say('The page is LangChain’s, what it shows comes from here. The guide: docs/studio.md\n');
  }
  process.exitCode = await ended;
}

async function untilReady(url: string): Promise<true> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (await answers(`${url}/ok`)) return true;
    await sleep(200);
  }
  throw new Error('The development server did not start.');
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
