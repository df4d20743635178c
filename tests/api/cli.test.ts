/** The command line as a person has it: a process with its standard streams, and Ctrl+C. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Turn } from '#server/turns/contract.ts';
import type { Page } from '#server/http/page.ts';
import { afterFile } from '#tests/support/after-file.ts';
import { startTestApp } from '#tests/support/app.ts';
import { COMPILE_CACHE } from '#tests/support/compile-cache.ts';
import { createRoom } from '#tests/support/rooms.ts';
import { waitForTurn } from '#tests/support/turns.ts';

const ROOT = join(import.meta.dirname, '../..');
const product = await startTestApp();
const user = await product.createUser();
const room = await createRoom(user.client, { name: 'Council', agents: ['Ada', 'Bo'] });
const { body: made } = await user.client.post<{ key: string }>('/api-keys', { name: 'CLI', scopes: ['read', 'write'] });
const folder = await mkdtemp(join(tmpdir(), 'pantheon-cli-'));
afterFile(() => rm(folder, { recursive: true, force: true }));

const SPEAKS = [{ match: { system: 'You are Ada' }, behaviour: { text: 'Hello from Ada.' } }];
const SPEAKS_ON = [{ behaviour: { tokens: 400, tokenDelayMs: 50 } }];
beforeEach(() => product.modelServer.setRules(SPEAKS));

function start(...args: string[]) {
  const env = {
    ...COMPILE_CACHE,
    NODE_ENV: 'test' as const,
    PATH: process.env['PATH'] ?? '',
    PANTHEON_URL: product.url,
    PANTHEON_API_KEY: made.key,
  };
  const child = spawn(process.execPath, ['packages/cli/src/pantheon.ts', ...args], { cwd: ROOT, env });
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      said[name] += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    write: (line: string) => child.stdin.write(`${line}\n`),
    end: () => child.stdin.end(),
    interrupt: () => child.kill('SIGINT'),
    /** Resolves when the process has said this. */
    async hears(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<void> {
      if (pattern.test(said[stream])) return;
      await new Promise<void>((resolve, reject) => {
        listeners.add(() => pattern.test(said[stream]) && resolve());
        void ended.then(() => reject(new Error(`It ended without ${String(pattern)}: ${JSON.stringify(said)}`)));
      });
    },
    async done() {
      return { code: await ended, ...said };
    },
  };
}

async function run(...args: string[]) {
  const cli = start(...args);
  cli.end();
  return cli.done();
}

async function lastTurn(): Promise<Turn> {
  const { body } = await user.client.get<Page<Turn>>(`/rooms/${room.id}/turns`);
  const turn = body.items.at(-1);
  if (!turn) throw new Error('Nothing was sent.');
  return turn;
}

describe('chat', () => {
  test('streams what agents say, shows the receipt, and goes on after a refusal', async () => {
    const cli = start('chat', 'Council');
    cli.write('@Ada hello');
    await cli.hears('stderr', /completed, [\d.]+ credits, turn \S+/);
    cli.write('nobody is tagged');
    await cli.hears('stderr', /tag/i);
    cli.write('/receipt');
    await cli.hears('stdout', /credits by /);
    cli.write('@Ada again');
    await cli.hears('stderr', /(completed,[^]*){2}/);
    cli.end();
    const { code, stdout } = await cli.done();
    expect(code).toBe(0);
    expect(stdout.match(/Ada:\nHello from Ada\./g)).toHaveLength(2);
    expect(stdout).toMatch(/Ada {2}\S+ {2}.*\n[\d.]+ credits by /);
  });

  test('Ctrl+C stops the turn that runs, not the chat', async () => {
    product.modelServer.setRules(SPEAKS_ON);
    const cli = start('chat', room.id);
    cli.write('@Ada at length');
    await cli.hears('stdout', /Ada:\n\S+/);
    cli.interrupt();
    await cli.hears('stderr', /cancelled, /);
    expect((await lastTurn()).status).toBe('cancelled');
    product.modelServer.setRules(SPEAKS);
    cli.write('@Ada hello');
    await cli.hears('stderr', /completed, /);
    cli.end();
    expect((await cli.done()).code).toBe(0);
  });

  test('Ctrl+C with nothing running leaves', async () => {
    const cli = start('chat', room.id);
    await cli.hears('stderr', /> /);
    cli.interrupt();
    await cli.done();
  });
});

describe('send', () => {
  test('runs a room on a file, with the message from standard input', async () => {
    await writeFile(join(folder, 'notes.md'), '# The sea\n\nIt is blue.');
    const cli = start('send', 'Council', '-', '--file', join(folder, 'notes.md'));
    cli.write('@Ada what colour is the sea?');
    cli.end();
    expect(await cli.done()).toMatchObject({ code: 0, stdout: expect.stringContaining('Ada:\nHello from Ada.') });
    expect(await lastTurn()).toMatchObject({
      message: '@Ada what colour is the sea?\n',
      files: [{ name: 'notes.md' }],
    });
  });

  test('Ctrl+C stops the turn and is seen in the exit status', async () => {
    product.modelServer.setRules(SPEAKS_ON);
    const cli = start('send', 'Council', '@Ada at length');
    await cli.hears('stdout', /Ada:\n\S+/);
    cli.interrupt();
    expect(await cli.done()).toMatchObject({ code: 130, stderr: expect.stringMatching(/^Stopping…\ncancelled, /) });
    expect((await waitForTurn(user.client, (await lastTurn()).id)).status).toBe('cancelled');
  });

  test('what a model says can’t command the terminal', async () => {
    product.modelServer.setRules([{ behaviour: { text: 'Red \u001b[31m\u001b]52;c;cm0=\u0007 alert\u009b2J.' } }]);
    const { stdout } = await run('send', 'Council', '@Ada hello');
    expect(stdout).toContain('Ada:\nRed');
    // eslint-disable-next-line no-control-regex -- these are what it is about
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });
});

test('a room is carried to a file and back', async () => {
  const file = join(folder, 'room.json');
  expect(await run('export', 'Council', '--out', file)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(JSON.parse((await run('export', 'Council')).stdout)).toMatchObject({ name: 'Council' });
  const imported = await run('import', file);
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9a-f-]{36}\n$/) });
  const copy = await user.client.get<{ agents: { name: string }[] }>(`/rooms/${imported.stdout.trim()}`);
  expect(copy.body.agents.map(({ name }) => name)).toEqual(['Ada', 'Bo']);
  expect(await readFile(file, 'utf8')).not.toContain(made.key);
  await user.client.delete(`/rooms/${imported.stdout.trim()}`);
});

describe('help and errors', () => {
  test('help is asked for in every way, about all or one', async () => {
    const all = await run();
    expect(all).toMatchObject({ code: 0, stdout: expect.stringMatching(/chat <room>[^]*PANTHEON_API_KEY/) });
    for (const args of [['help'], ['--help'], ['-h']]) expect(await run(...args)).toEqual(all);
    const one = await run('help', 'chat');
    expect(one).toMatchObject({ code: 0, stdout: expect.stringContaining('Ctrl+C') });
    expect(await run('chat', '--help')).toEqual(one);
  });

  test.each([
    [['dance'], 2, /no command “dance”/],
    [['rooms', '--loud'], 2, /--loud/],
    [['chat'], 2, /Which room\?/],
    [['send', 'Council'], 2, /Which message\?/],
    [['send', 'Nowhere', 'hi'], 1, /no room “Nowhere”/],
    [['send', 'Council', '@Ada hi', '--file', '/nowhere/a.txt'], 1, /ENOENT.*a\.txt/],
    [['send', 'Council', '@Ada hi', '--file', 'a.exe'], 1, /only \.csv/],
    [['send', 'Council', 'nobody is tagged'], 1, /no_valid_tags/],
    [['import', 'README.md'], 1, /README\.md is not JSON/],
    [['import', 'package.json'], 1, /invalid_input/],
    [['receipt', 'nonsense'], 1, /not_found/],
  ])('pantheon %s → %i', async (args, code, said) => {
    const told = await run(...args);
    expect(told).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(said) });
    expect(told.stderr).not.toMatch(/^ {4}at /m);
  });
});
