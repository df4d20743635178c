import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startEmbeddedPostgres } from '#server/platform/embedded-postgres.ts';
import { afterFile } from '#tests/support/after-file.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'pantheon-embedded-'));
await chmod(dataDir, 0o755);
afterFile(async () => {
  await (await startEmbeddedPostgres(dataDir)).stop();
  await rm(dataDir, { recursive: true, force: true });
});

const pidFile = join(dataDir, 'postgres/postmaster.pid');

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function killPostgres(): Promise<string> {
  const content = await readFile(pidFile, 'utf8');
  const pid = Number(content.split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(async () => /^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: Z')))
    .toBe(true);
  return content;
}

test('two that start at once in an empty folder share one cluster', async () => {
  const [one, other] = await Promise.all([startEmbeddedPostgres(dataDir), startEmbeddedPostgres(dataDir)]);
  expect([one.how, other.how].sort()).toEqual(['attached', 'created']);
  expect(one.url).toBe(other.url);
  const byTcp = (await readFile(join(dataDir, 'database.url'), 'utf8')).trim();
  expect(byTcp).toMatch(/^postgresql:\/\/pantheon:[\w-]{32}@127\.0\.0\.1:\d+\/pantheon$/);
  expect(one.url).toBe(`${byTcp}?host=${encodeURIComponent(join(dataDir, 'postgres'))}`);
  const peer = 'SELECT inet_server_addr() IS NULL AS "bySocket"';
  expect([await query(one.url, peer), await query(byTcp, peer)]).toEqual([[{ bySocket: true }], [{ bySocket: false }]]);
  expect((await stat(join(dataDir, 'database.url'))).mode & 0o777).toBe(0o600);
  await query(one.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
});

test('its password is wanted, and a write is on disk when it is committed', async () => {
  const { url } = await startEmbeddedPostgres(dataDir);
  await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect(await query(url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  expect(await query(url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
});

test('after a crash it comes back with what was committed, on the same port', async () => {
  const before = await startEmbeddedPostgres(dataDir);
  await killPostgres();
  const after = await startEmbeddedPostgres(dataDir);
  expect(after).toMatchObject({ how: 'started', url: before.url });
  expect(await query(after.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('a stale postmaster.pid whose id is another program’s now is no obstacle', async () => {
  const content = await killPostgres();
  await writeFile(pidFile, content.replace(/^\d+/, String(process.pid)));
  expect(await startEmbeddedPostgres(dataDir)).toMatchObject({ how: 'started' });
});

test('it is not stopped under another process that uses it', async () => {
  const { url, stop } = await startEmbeddedPostgres(dataDir);
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await stop();
  expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await other.end();
});

test('the last one stops it, and the next one starts it again', async () => {
  const { stop } = await startEmbeddedPostgres(dataDir);
  await stop();
  await expect(stat(pidFile)).rejects.toThrow('ENOENT');
  expect(await startEmbeddedPostgres(dataDir)).toMatchObject({ how: 'started' });
});

test('a lost password file is explained', async () => {
  const { stop } = await startEmbeddedPostgres(dataDir);
  const url = await readFile(join(dataDir, 'database.url'), 'utf8');
  await stop();
  await rm(join(dataDir, 'database.url'));
  await expect(startEmbeddedPostgres(dataDir)).rejects.toThrow(/database\.url is missing, and with it the password/);
  await writeFile(join(dataDir, 'database.url'), url, { mode: 0o600 });
});

test('where a socket’s path would be too long, it is reached by TCP', async () => {
  const far = join(dataDir, 'f'.repeat(80));
  const { url, stop } = await startEmbeddedPostgres(far);
  expect(await query(url, 'SELECT host(inet_server_addr()) AS at')).toEqual([{ at: '127.0.0.1' }]);
  await stop();
});
