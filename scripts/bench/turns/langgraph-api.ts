import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../tests/support/test-cluster.ts';
import { cpuSecondsOfTree } from './cpu.ts';
import { readUntil } from './read-until.ts';
import type { Subject, SubjectOptions } from './subject.ts';

const CLI = '../../../node_modules/@langchain/langgraph-cli/dist/cli/cli.mjs';

/** LangGraph's own API server, which keeps its threads in memory, with the same three agents. */
export async function startLangGraphApi(options: SubjectOptions): Promise<Subject> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, CLI), 'dev', '--no-browser', '--host', '127.0.0.1', '--port', String(port)],
    {
      cwd: join(import.meta.dirname, 'langgraph-api'),
      env: {
        ...process.env,
        MODEL_BASE_URL: options.modelBaseUrl,
        LANGGRAPH_CLI_NO_ANALYTICS: '1',
        LANGSMITH_TRACING: 'false',
      },
      stdio: 'ignore',
      detached: true,
    },
  );
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(`${url}/ok`).catch(() => null);
    if (answer?.ok) break;
    if (tries > 1_200 || child.exitCode !== null) throw new Error('The LangGraph API server did not start.');
    await sleep(100);
  }
  const post = (path: string, body: unknown) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const threads: string[] = [];
  for (let n = 0; n < options.conversations; n += 1) {
    const { thread_id } = (await (await post('/threads', {})).json()) as { thread_id: string };
    threads.push(thread_id);
  }
  return {
    name: 'LangGraph API server',
    async ask(n) {
      const startedAt = performance.now();
      const response = await post(`/threads/${threads[n]}/runs/stream`, {
        assistant_id: 'council',
        input: { messages: [{ role: 'user', content: 'What should we do first?' }] },
        stream_mode: ['messages-tuple'],
      });
      const firstAt = await readUntil(response, /"content":"[^"]/);
      return { firstToken: firstAt - startedAt, accepted: null, ended: performance.now() - startedAt };
    },
    cpuSeconds: () => cpuSecondsOfTree(child.pid ?? 0),
    async close() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}
