import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { LogEntry } from '#tests/support/model-server/log.ts';

const SCRIPT = fileURLToPath(new URL('../support/model-server.ts', import.meta.url));

it('the scripted model server runs as a process of its own, takes rules over HTTP and keeps a log of every request', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-server-'));
  const logFile = join(folder, 'calls.jsonl');
  const child = spawn(process.execPath, [SCRIPT, '--port', '0', '--log', logFile, '--models', 'a,b'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const { baseUrl, port } = JSON.parse(line) as { baseUrl: string; port: number };
    const control = (path: string, method = 'GET', body?: unknown) =>
      fetch(`http://127.0.0.1:${port}/_control/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).then((response) => response.json() as Promise<{ items: LogEntry[] }>);
    const chat = (content: string) =>
      fetch(`${baseUrl}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'a', messages: [{ role: 'user', content }] }),
      });

    const models = (await (await fetch(`${baseUrl}/models`)).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toEqual(['a', 'b']);

    await control('rules', 'PUT', [
      { match: { lastMessage: '/^fail/i' }, times: 1, behaviour: { status: 503, retryAfter: 2 } },
      { match: { model: 'a' }, behaviour: { text: 'scripted' } },
    ]);
    const refused = await chat('Fail once');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    const answered = (await (await chat('Fail once')).json()) as { choices: { message: { content: string } }[] };
    expect(answered.choices[0]?.message.content).toBe('scripted');

    // A request is finished a moment after its client has read the end.
    await expect
      .poll(async () =>
        (await control('log')).items.map((entry) => [entry.n, entry.status, entry.httpStatus, entry.tokensServed]),
      )
      .toEqual([
        [1, 'refused', 503, 0],
        [2, 'completed', 200, 1],
      ]);
    expect((await readFile(logFile, 'utf8')).trim().split('\n')).toHaveLength(2);
    await control('log', 'DELETE');
    expect((await control('log')).items).toEqual([]);
  } finally {
    child.kill();
    await rm(folder, { recursive: true });
  }
});
