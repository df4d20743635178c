/** Events on their way into the log: what one statement takes of many turns, and what waits for whom. */
import { expect, test, vi } from 'vitest';
import { createLogger } from 'winston';
import { importRoom } from '#server/export/import-room.ts';
import { newId } from '#server/platform/ids.ts';
import { appendEvents, type NewEvent } from '#server/turns/append-events.ts';
import { createEventHub } from '#server/turns/event-hub.ts';
import { createEventWriter } from '#server/turns/event-writer.ts';
import { createLease } from '#server/turns/lease.ts';
import { createDataApp } from '../support/data-app.ts';

const app = await createDataApp();
const { id } = await app.createUser('pro');
const user = { id, email: `${id}@example.com`, role: 'user' as const, plan: 'pro', suspended: false };

/** A turn that runs, with its first event in the log, and who holds it. */
async function createRunning() {
  const room = await importRoom(app, {
    user,
    file: {
      format: 'pantheon.room',
      version: 1,
      name: 'Log',
      description: '',
      mode: 'manual',
      agents: [],
      turns: [{ message: 'Go', mode: 'manual', replies: [] }],
    },
  });
  const token = newId();
  const { rows } = await app.db.query<{ id: string }>(
    `UPDATE turns SET status = 'running', lease_token = $2, finished_at = NULL WHERE room_id = $1 RETURNING id`,
    [room.id, token],
  );
  const [turn] = rows;
  if (!turn) throw new Error('There is no turn.');
  return { turn: turn.id, lease: token, from: 1 };
}

async function readLog(turn: string) {
  const { rows } = await app.db.query<{ seq: number; data: { text: string }; at: Date }>(
    'SELECT seq, data, at FROM turn_events WHERE turn_id = $1 AND seq > 1 ORDER BY seq',
    [turn],
  );
  return rows.map(({ seq, data, at }) => ({ seq, text: data.text, at }));
}

const said = (...texts: string[]): NewEvent[] => texts.map((text) => ({ type: 'step_delta', data: { text } }));

test('I3: one append takes the events of many turns, and only those of who holds them and knows where the log ends', async () => {
  const [mine, second, foreign, behind, ahead] = await Promise.all(Array.from({ length: 5 }, createRunning));
  if (!mine || !second || !foreign || !behind || !ahead) throw new Error('There are too few turns.');
  await appendEvents(app.db, [{ ...behind, events: said('a', 'b') }]);
  const appended = await appendEvents(app.db, [
    { ...mine, events: said('one', 'two') },
    { ...second, events: said('eins') },
    { ...foreign, lease: newId(), events: said('not mine') },
    { ...behind, events: said('over it') },
    { ...ahead, from: 7, events: said('too far') },
  ]);
  expect([...appended.keys()].toSorted()).toEqual([mine.turn, second.turn].toSorted());
  expect(appended.get(mine.turn)).toMatchObject({ last_seq: 3, applied: true });
  expect(await readLog(mine.turn)).toMatchObject([
    { seq: 2, text: 'one' },
    { seq: 3, text: 'two' },
  ]);
  expect(await readLog(second.turn)).toMatchObject([{ seq: 2, text: 'eins' }]);
  expect(await readLog(behind.turn)).toMatchObject([{ text: 'a' }, { text: 'b' }]);
  expect([...(await readLog(foreign.turn)), ...(await readLog(ahead.turn))]).toEqual([]);
});

test('I3: an append whose answer was lost is told from a new one, also when it was the turn’s last', async () => {
  const [running, ended, closed] = await Promise.all(Array.from({ length: 3 }, createRunning));
  if (!running || !ended || !closed) throw new Error('There are too few turns.');
  const last: NewEvent[] = [{ type: 'turn_completed', data: { text: 'end' } }];
  const batch = [
    { ...running, events: said('once') },
    { ...ended, events: last },
  ];
  await appendEvents(app.db, batch);
  for (const { turn } of [ended, closed])
    await app.db.query(
      "UPDATE turns SET status = 'completed', lease_token = NULL, finished_at = clock_timestamp() WHERE id = $1",
      [turn],
    );
  const again = await appendEvents(app.db, [...batch, { ...closed, events: last }]);
  expect(again.get(running.turn)).toMatchObject({ last_seq: 2, applied: false });
  expect(again.get(ended.turn)).toMatchObject({ last_seq: 2, applied: false });
  expect(again.has(closed.turn), 'nobody appended this before it was closed').toBe(false);
  expect(await readLog(running.turn)).toHaveLength(1);
  expect(await readLog(ended.turn)).toHaveLength(1);
});

test('a step’s first piece goes down at once and hurries nobody else; later ones of all turns go down together', async () => {
  const [one, other] = await Promise.all([createRunning(), createRunning()]);
  const leaseOf = ({ turn, lease, from }: typeof one) =>
    createLease({ turnId: turn, token: lease, seq: from, lost: () => expect.unreachable() });
  const [ada, bo] = [leaseOf(one), leaseOf(other)];
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: 1_000_000 });
  try {
    const log = createLogger({ silent: true });
    const writer = createEventWriter({ db: app.db, hub: createEventHub({ db: app.db, databaseUrl: '', log }), log });
    const texts = async ({ turn }: typeof one) => (await readLog(turn)).map(({ text }) => text);
    const until = async (turn: typeof one, count: number) => {
      // What became due while another write was on its way is looked at when that has landed.
      while ((await readLog(turn.turn)).length < count) vi.advanceTimersByTime(0);
    };
    writer.delta(ada, 'a0000000-0000-4000-8000-000000000001', 'Ada ');
    vi.advanceTimersByTime(0);
    await until(one, 1);
    writer.delta(ada, 'a0000000-0000-4000-8000-000000000001', 'goes ');
    writer.delta(bo, 'b0000000-0000-4000-8000-000000000001', 'Bo ');
    vi.advanceTimersByTime(1);
    await until(other, 1);
    expect(await texts(one), 'what Ada said next waits for the tick').toEqual(['Ada ']);
    writer.delta(ada, 'a0000000-0000-4000-8000-000000000001', 'on');
    writer.delta(bo, 'b0000000-0000-4000-8000-000000000001', 'too');
    vi.advanceTimersByTime(40);
    await until(other, 2);
    expect(await texts(one)).toEqual(['Ada ', 'goes on']);
    expect(await texts(other)).toEqual(['Bo ', 'too']);
    const [, together] = await readLog(one.turn);
    expect((await readLog(other.turn))[1]?.at, 'in one statement').toEqual(together?.at);
    await writer.close();
  } finally {
    vi.useRealTimers();
  }
});

test('a process of the version before, which runs beside this one while it is deployed, records and is told as it always was', async () => {
  const { turn, lease, from } = await createRunning();
  const listener = await app.db.connect();
  await listener.query('LISTEN turn_events');
  const hints: (string | undefined)[] = [];
  listener.on('notification', ({ payload }) => hints.push(payload?.trim()));
  const step = { ...STEP, id: newId(), turn_id: turn };
  const events: NewEvent[] = [{ type: 'turn_completed', data: { text: 'end' } }];
  const end = { status: 'completed', error: null, warnings: [], finished_at: new Date(), failed_steps: 1 };
  const record = () =>
    app.db.query(
      `SELECT last_seq, applied, others_wait
       FROM record_turn($1, $2, $3, $4, $5, 1, NULL, NULL, NULL, NULL, NULL, NULL, $6, NULL)`,
      [turn, lease, from, JSON.stringify(events), JSON.stringify([step]), JSON.stringify(end)],
    );
  expect((await record()).rows).toEqual([{ last_seq: 2, applied: true, others_wait: false }]);
  expect((await record()).rows, 'and knows what it recorded').toMatchObject([{ last_seq: 2, applied: false }]);
  const other = await createRunning();
  await app.db.query('SELECT append_turn_events($1)', [JSON.stringify([{ ...other, events: said('a', 'b') }])]);
  await expect.poll(() => hints).toEqual([`${turn}:2`, `${other.turn}:3`]);
  listener.release(true);
  const { rows } = await app.db.query(
    `SELECT t.status, t.failed_steps, s.error FROM turns t JOIN turn_steps s ON s.turn_id = t.id WHERE t.id = $1`,
    [turn],
  );
  expect(rows).toEqual([{ status: 'completed', failed_steps: 1, error: { code: 'busy', message: 'Busy.' } }]);
  expect(await readLog(turn)).toMatchObject([{ seq: 2, text: 'end' }]);
});

const STEP = {
  key: 'agent:0',
  index: 0,
  kind: 'agent',
  agent_name: 'Ada',
  model_alias: 'llama',
  status: 'failed',
  content: '',
  error: { code: 'busy', message: 'Busy.' },
  tool_calls: [],
  citations: [],
  prompt_tokens: 0,
  completion_tokens: 0,
  cached_tokens: 0,
  total_tokens: 0,
  charged_micro_credits: 0,
  latency_ms: 1,
};

test('what no turn can be is refused by the tables themselves', async () => {
  const { turn } = await createRunning();
  const insertStep = `INSERT INTO turn_steps (id, turn_id, key, index, kind, agent_name, model_alias, status)
    VALUES (gen_random_uuid(), $1, 'agent:0', 0, `;
  const insertCall = `INSERT INTO call_journal (id, turn_id, step_key, call_no, attempt, request_hash, model, kind, status)
    VALUES (gen_random_uuid(), $1, 'agent:0', 0, 0, 'hash', 'm', `;
  for (const senseless of [
    `UPDATE turns SET status = 'lost' WHERE id = $1`,
    `UPDATE turns SET mode = 'anarchy' WHERE id = $1`,
    `UPDATE turns SET reserved_micro_credits = -1 WHERE id = $1`,
    `UPDATE turns SET charged_micro_credits = -1 WHERE id = $1`,
    `UPDATE turns SET conversation_id = gen_random_uuid() WHERE id = $1`,
    `UPDATE turns SET direct_session_id = gen_random_uuid() WHERE id = $1`,
    `${insertStep} 'oracle', 'Ada', 'llama', 'pending')`,
    `${insertStep} 'agent', 'Ada', 'llama', 'asleep')`,
    `${insertCall} 'magic', 'intent')`,
    `${insertCall} 'model', 'perhaps')`,
  ]) {
    await expect(app.db.query(senseless, [turn]), senseless).rejects.toMatchObject({ code: '23514' });
  }
});
