/** What the documents show is run as it stands, and the command line with it. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { afterFile } from '#tests/support/after-file.ts';
import { startTestApp } from '#tests/support/app.ts';
import { createRoom } from '#tests/support/rooms.ts';
import { snippetsOf } from '#tests/support/snippets.ts';
import { runTurn } from '#tests/support/turns.ts';

const ROOT = join(import.meta.dirname, '../..');
const SDK = pathToFileURL(join(ROOT, 'packages/sdk/src/index.ts')).href;

const product = await startTestApp();
product.modelServer.setRules([{ behaviour: { text: 'We are missing time.' } }]);
const user = await product.createUser();
const room = await createRoom(user.client, { name: 'Council', agents: ['Ada'] });
const turn = await runTurn(user.client, room.id, '@Ada hello');
const { body } = await user.client.post<{ key: string }>('/api-keys', { name: 'Documents', scopes: ['read', 'write'] });

const environment = {
  PATH: process.env['PATH'] ?? '',
  PANTHEON_URL: product.url,
  PANTHEON_API_KEY: body.key,
  ROOM_ID: room.id,
  TURN_ID: turn.id,
};

async function run(command: string, args: string[], env: Record<string, string> = environment) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { NODE_ENV: 'development', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}

const documents = ['docs/api.md', 'docs/mcp.md', 'packages/sdk/README.md'];
const typescript = (await Promise.all(documents.map((document) => snippetsOf(document, 'ts')))).flat();
const shell = await snippetsOf('docs/api.md', 'sh');

test('there are some', () => {
  expect([typescript.length, shell.length]).toEqual([5, 2]);
});

test('the test that docs/development.md shows is one of the tests', async () => {
  const example = await readFile(join(ROOT, 'tests/turns/example.test.ts'), 'utf8');
  expect(await snippetsOf('docs/development.md', 'ts')).toEqual([example]);
});

test.each(typescript)('TypeScript: %s', async (code) => {
  const args = ['--input-type=module-typescript', '--eval', code.replaceAll('@pantheon/sdk', SDK)];
  const { stdout, stderr, code: exit } = await run(process.execPath, args);
  expect([exit, stderr]).toEqual([0, '']);
  expect(stdout).toContain('We are missing time.');
});

test.each(shell)('docs/api.md, shell: %s', async (script) => {
  const { stdout, code } = await run('sh', ['-c', script]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/"status":"queued"|"type":"turn_completed"/);
});

test('the command line lists rooms, sends with a file, shows the receipt, and carries a room to a file and back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-cli-'));
  afterFile(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'notes.txt'), 'The sea is blue.');
  const pantheon = (...args: string[]) => run(process.execPath, ['packages/cli/src/pantheon.ts', ...args]);

  expect((await pantheon('rooms')).stdout).toContain(`${room.id}  manual  Council`);
  const sent = await pantheon('send', 'Council', '@Ada what colour?', '--file', join(folder, 'notes.txt'));
  expect(sent.stdout).toContain('Ada:\nWe are missing time.');
  const turnId = /turn (\S+)/.exec(sent.stderr)?.[1] ?? '';
  expect(sent).toMatchObject({ code: 0, stderr: expect.stringMatching(/^completed, [\d.]+ credits/) });
  expect((await pantheon('receipt', turnId)).stdout).toMatch(/Ada .*\n[\d.]+ credits by /);
  expect(await pantheon('stop', turnId)).toMatchObject({ code: 0, stderr: 'completed\n' });

  const file = join(folder, 'room.json');
  expect((await pantheon('export', 'Council', '--out', file)).code).toBe(0);
  const imported = await pantheon('import', file);
  expect(imported.stdout).toMatch(/^[0-9a-f-]{36}\n$/);
  expect((await user.client.get<{ items: unknown[] }>('/rooms')).body.items).toHaveLength(2);

  expect(await pantheon('send', 'Nowhere', 'hello')).toMatchObject({
    code: 1,
    stderr: 'There is no room “Nowhere”. “pantheon rooms” lists yours.\n',
  });
  const keyless = await run(process.execPath, ['packages/cli/src/pantheon.ts', 'rooms'], { PATH: environment.PATH });
  expect(keyless).toMatchObject({ code: 2, stderr: expect.stringContaining('PANTHEON_API_KEY') });
});
