import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { createPool } from '#server/platform/db.ts';
import { runPurges } from '#server/retention/run-purges.ts';
import { afterFile } from '../support/after-file.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { signIn } from '../support/client.ts';
import { dumpDatabase, findTextColumns, pgDump, readFolder } from '../support/dump.ts';
import { copyTestDatabase, createTestDatabase } from '../support/postgres.ts';
import { createRoom } from '../support/rooms.ts';
import { startSearchServer } from '../support/search-server.ts';
import { runTurn } from '../support/turns.ts';
import { createCanaries, leaveCanaries, placesIn } from './canaries.ts';
import { COLUMNS_WITHOUT_CONTENT } from './without-content.ts';

const DAYS_AGO = (days: number) => `now() - interval '${days} days 1 minute'`;
const search = await startSearchServer();
afterFile(() => search.close());
const dataDir = await mkdtemp(join(tmpdir(), 'pantheon-purge-'));
afterFile(() => rm(dataDir, { recursive: true, force: true }));
const env = { TAVILY_API_KEY: search.apiKey, TAVILY_BASE_URL: search.url, DATA_DIR: dataDir };

/** Bytes of files are in the storage; some of them are parsed into the database too. */
const IN_FILES = /^(heading|text|column|cell|its text)/;

const purgeNow = (product: TestApp) => runPurges(product.app, new AbortController().signal);
const placesLeft = async (db: Pool, canaries: Parameters<typeof placesIn>[1], logs: unknown = []) =>
  placesIn([await dumpDatabase(db), await readFolder(dataDir), JSON.stringify(logs)].join('\n'), canaries);

test('a hundred texts in every place: an account that is purged leaves none in database, storage and logs, also after a backup is restored (FR-DATA-002, AT-012)', async () => {
  const database = await createTestDatabase();
  const before = await startTestApp({ env, databaseUrl: database.url });
  const canaries = createCanaries();
  const email = `${canaries.word('mail address')}@example.com`;
  const user = await before.createUser({ email, microCredits: 10_000_000_000n });
  await leaveCanaries(before, user, canaries);
  const other = createCanaries();
  const neighbour = await before.createUser();
  const room = await createRoom(neighbour.client, { name: other.word('name of a room'), agents: ['Ada'] });
  await runTurn(neighbour.client, room.id, `@Ada ${other.word('message')}`);
  expect(canaries.all.length).toBeGreaterThanOrEqual(100);
  const stored = await placesLeft(before.db, canaries);
  const unseen = canaries.all.map(({ place }) => place).filter((place) => !stored.includes(place));
  expect(unseen, 'what a provider says of its errors is kept nowhere').toEqual(['error of a provider']);
  const columns = await findTextColumns(before.db, /canary[0-9a-f]{16}/);
  const uncovered = columns.all.filter(
    (column) => !columns.holding.includes(column) && !COLUMNS_WITHOUT_CONTENT.has(column),
  );
  expect(uncovered, 'a column that can hold what somebody wrote has a canary, or is said to hold none').toEqual([]);
  expect(
    [...COLUMNS_WITHOUT_CONTENT].filter((column) => !columns.all.includes(column)),
    'there no more',
  ).toEqual([]);
  expect(
    [...COLUMNS_WITHOUT_CONTENT].filter((column) => columns.holding.includes(column)),
    'holds after all',
  ).toEqual([]);
  const dumped = placesIn(await pgDump(database.url), canaries);
  expect(
    stored.filter((place) => !dumped.includes(place)),
    'what pg_dump does not show is in files',
  ).toEqual(stored.filter((place) => IN_FILES.test(place) && !dumped.includes(place)));
  expect(dumped.length).toBeGreaterThan(90);
  const othersPlaces = await placesLeft(before.db, other);
  await before.close();
  const backup = await copyTestDatabase(database.name);

  const product = await startTestApp({ env, databaseUrl: database.url });
  const ledger = () => ledgerOf(product.db, user.id);
  const money = await ledger();
  const { client } = user;
  // A browser keeps its cookie; the product moved.
  const again = await signIn(product.url, email);
  expect((await again.delete('/me')).status).toBe(204);
  expect((await again.get('/auth/me')).status).toBe(401);
  expect(client.origin).not.toBe(product.url);
  await purgeNow(product);
  expect(await placesLeft(product.db, canaries), 'within the days of grace').toEqual(
    stored.filter((place) => place !== 'user agent of a session'),
  );

  await product.db.query(`UPDATE users SET deleted_at = ${DAYS_AGO(7)} WHERE id = $1`, [user.id]);
  await purgeNow(product);
  expect(await placesLeft(product.db, canaries, [before.logs, product.logs])).toEqual([]);
  expect(placesIn(await pgDump(database.url), canaries), 'in pg_dump').toEqual([]);
  expect(await placesLeft(product.db, other)).toEqual(othersPlaces);
  expect(await ledger(), 'what was paid stays, without content').toEqual(money);

  // The backup of before knows nothing of it, until the tombstones are replayed.
  const restored = createPool(backup.url);
  afterFile(() => restored.end());
  expect((await placesLeft(restored, canaries)).length).toBeGreaterThan(80);
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/purge-replay.ts'], {
    env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: backup.url, DATA_DIR: dataDir, LLM_BASE_URL: search.url },
  });
  expect(stdout).toMatch(/purged again: .*1 accounts/);
  expect(await placesLeft(restored, canaries)).toEqual([]);
  expect(placesIn(await pgDump(backup.url), canaries), 'in pg_dump').toEqual([]);
  expect(await placesLeft(restored, other)).toEqual(othersPlaces);
}, 240_000);

async function ledgerOf(db: Pool, userId: string): Promise<unknown> {
  const tables = ['llm_call_events', 'credit_transactions', 'tool_call_events', 'file_access_events', 'credit_wallets'];
  const counts = tables.map(async (table) => {
    const { rows } = await db.query<Record<string, unknown>>(`SELECT * FROM ${table} WHERE user_id = $1`, [userId]);
    return rows;
  });
  return Promise.all(counts);
}
