import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { readEvents, runTurn, sendTurn, waitForTurn } from '../support/turns.ts';
import { as, askedAs, HANG, usageOf, waitUntilAsked } from './scenes.ts';

const product = await startTestApp({ model: { defaults: { tokens: 6 } } });
const { client } = await product.createUser({ microCredits: 1_000_000_000n });

beforeEach(() => {
  product.modelServer.setRules([]);
  product.modelServer.clearLog();
});

const journalOf = async (turnId: string) => {
  const { rows } = await product.db.query<{ step_key: string; status: string; hashed: boolean }>(
    `SELECT step_key, status, request_hash IS NOT NULL AS hashed FROM call_journal WHERE turn_id = $1
     ORDER BY step_key, call_no, attempt`,
    [turnId],
  );
  return rows;
};

/** Keeps what was said before from whoever asks for it, so that a turn stands between its acceptance and its first call. */
async function withholdHistory(): Promise<() => Promise<void>> {
  const holder = await product.db.connect();
  await holder.query('BEGIN; LOCK TABLE context_summaries IN ACCESS EXCLUSIVE MODE');
  return async () => {
    await holder.query('COMMIT');
    holder.release();
  };
}

test('I2 I5 FR-RT-003: a turn that starts at once has its start and the intents of its first calls from the moment it is accepted', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo', 'Cy'] });
  await runTurn(client, room.id, '@Ada hello');
  const giveHistory = await withholdHistory();
  const { id, status, lastSeq, steps } = await sendTurn(client, room.id, '@Ada @Bo go');
  const intents = await journalOf(id);
  const { rows: events } = await product.db.query('SELECT seq, type FROM turn_events WHERE turn_id = $1 ORDER BY seq', [
    id,
  ]);
  await giveHistory();

  // Told as of its first event: whoever goes on from there misses nothing.
  expect([lastSeq, status, ...steps.map((step) => step.status)]).toEqual([1, 'queued', 'pending', 'pending']);
  expect(intents).toEqual([
    { step_key: 'agent:0', status: 'intent', hashed: false },
    { step_key: 'agent:1', status: 'intent', hashed: false },
  ]);
  expect(events).toEqual([
    { seq: 1, type: 'turn_queued' },
    { seq: 2, type: 'turn_started' },
    { seq: 3, type: 'step_started' },
    { seq: 4, type: 'step_started' },
  ]);
  expect((await waitForTurn(client, id)).status).toBe('completed');
  expect((await journalOf(id)).map(({ status, hashed }) => [status, hashed])).toEqual([
    ['ok', true],
    ['ok', true],
  ]);
  const started = (await readEvents(client, id)).filter(({ type }) => type === 'step_started');
  expect(started).toHaveLength(2);
});

test('a turn that waits has begun nothing', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  product.modelServer.setRules([as('Ada', HANG)]);
  const running = await sendTurn(client, room.id, '@Ada go');
  await waitUntilAsked(product, 'Ada');
  const waiting = await sendTurn(client, room.id, '@Ada go on');
  expect(await journalOf(waiting.id)).toEqual([]);
  expect((await product.db.query('SELECT type FROM turn_events WHERE turn_id = $1', [waiting.id])).rows).toEqual([
    { type: 'turn_queued' },
  ]);
  product.modelServer.setRules([]);
  await client.post(`/turns/${running.id}/stop`);
  expect((await waitForTurn(client, waiting.id)).status).toBe('completed');
});

test('I2: a turn that is stopped before its first call closes what it began: nothing was asked, and nothing is charged', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada hello');
  product.modelServer.clearLog();
  const giveHistory = await withholdHistory();
  const { id } = await sendTurn(client, room.id, '@Ada go');
  await client.post(`/turns/${id}/stop`);
  expect(await waitForTurn(client, id)).toMatchObject({ status: 'cancelled', chargedMicroCredits: '0' });
  await giveHistory();
  expect(await journalOf(id)).toEqual([{ step_key: 'agent:0', status: 'cancelled', hashed: false }]);
  expect(await usageOf(product, id)).toEqual([]);
  expect(askedAs(product, 'Ada')).toEqual([]);
});

test('I5: a process that was held up until another may have its turn asks the database before it makes the first call', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const other = await createRoom(client, { agents: ['Bo'] });
  await runTurn(client, room.id, '@Ada hello');
  await runTurn(client, other.id, '@Bo hello');
  product.modelServer.clearLog();
  product.modelServer.setRules([as('Bo', HANG)]);
  const giveHistory = await withholdHistory();
  const [taken, kept] = await Promise.all([sendTurn(client, room.id, '@Ada go'), sendTurn(client, other.id, '@Bo go')]);
  await product.db.query(
    `UPDATE turns SET lease_token = gen_random_uuid(), lease_until = now() + interval '9 seconds' WHERE id = $1`,
    [taken.id],
  );
  await sleep(5_500);
  await giveHistory();
  await waitUntilAsked(product, 'Bo');
  expect(await journalOf(kept.id)).toEqual([{ step_key: 'agent:0', status: 'intent', hashed: true }]);
  await client.post(`/turns/${kept.id}/stop`);
  // Whoever has it closes the call as lost and makes it: once.
  expect((await waitForTurn(client, taken.id)).status).toBe('completed');
  expect((await journalOf(taken.id)).map(({ status }) => status)).toEqual(['lost', 'ok']);
  expect(askedAs(product, 'Ada')).toHaveLength(1);
});
