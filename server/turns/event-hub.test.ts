import { once } from 'node:events';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createLogger } from 'winston';
import { createPool } from '#server/platform/db.ts';
import { newId } from '#server/platform/ids.ts';
import { createEventHub, type StoredEvent } from '#server/turns/event-hub.ts';
import { afterFile } from '#tests/support/after-file.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

// The turns here are in no table, so nobody learns of them by looking there: what wakes a reader is what it was told.
const { url } = await createTestDatabase();
// One connection, so that what is told is told in the order in which it was asked for.
const db = createPool(url, { max: 1 });
const hubs = [1, 2].map(() => createEventHub({ db, databaseUrl: url, log: createLogger({ silent: true }) }));
await Promise.all(hubs.map((hub) => hub.start()));
const [writer, reader] = hubs as [(typeof hubs)[0], (typeof hubs)[0]];
const listener = new pg.Client(url);
await listener.connect();
await listener.query('LISTEN turn_events; LISTEN turn_followed');
afterFile(async () => {
  await Promise.all(hubs.map((hub) => hub.close()));
  await listener.end();
  await db.end();
});

const event = (seq: number): StoredEvent => ({ seq, type: 'step_delta', json: '{}' });
const LONG = 60_000;
const { signal } = new AbortController();

/** What everybody was told until now. */
async function told(from: string[]): Promise<string[]> {
  const mark = newId();
  await db.query('SELECT pg_notify($1, $2)', ['turn_events', mark]);
  while (!from.includes(mark)) await once(listener, 'notification');
  return from.filter((hint) => hint !== mark);
}

/** Until the writer has heard that somebody follows this turn: its connection hears things in their order. */
async function said(turn: string): Promise<void> {
  for (let payload: string | undefined; payload !== turn;) {
    [{ payload }] = (await once(listener, 'notification')) as [pg.Notification];
  }
  const heard = new Promise<void>((resolve) => {
    writer.onControl(({ turnId }) => turnId === turn && resolve());
  });
  await db.query('SELECT pg_notify($1, $2)', ['turn_control', `stop ${turn}`]);
  await heard;
}

function listen(): string[] {
  const hints: string[] = [];
  listener.on('notification', ({ channel, payload = '' }) => channel === 'turn_events' && hints.push(payload));
  return hints;
}

test('nobody is told of a turn that only its own process’s readers follow', async () => {
  const hints = listen();
  const turn = newId();
  const unexpect = writer.expect(turn, [event(1)]);
  const unfollow = writer.follow(turn);
  const woken = writer.wait(turn, 1, LONG, signal);
  writer.feed(turn, [event(2)]);
  await woken;
  expect(writer.recent(turn, 0)).toEqual([event(1), event(2)]);
  unfollow();
  unexpect();
  expect(await told(hints)).toEqual([]);
});

test('who follows a turn of another process is told what it missed, and then everything', async () => {
  const turn = newId();
  const unexpect = writer.expect(turn, [event(1)]);
  const unfollow = reader.follow(turn);
  writer.feed(turn, [event(2)]);
  await reader.wait(turn, 1, LONG, signal);
  const woken = reader.wait(turn, 2, LONG, signal);
  writer.feed(turn, [event(3)]);
  await woken;
  const repeated = reader.wait(turn, 3, LONG, signal);
  writer.tell(turn, 4);
  await repeated;
  unexpect();
  unfollow();
});

test('who comes as a turn ends is told of its end', async () => {
  const turn = newId();
  const unexpect = writer.expect(turn, [event(1)]);
  writer.feed(turn, [event(2)]);
  unexpect();
  const unfollow = reader.follow(turn);
  await reader.wait(turn, 1, LONG, signal);
  unfollow();
});

test('who came before a turn began is told of it', async () => {
  const turn = newId();
  const unfollow = reader.follow(turn);
  const woken = reader.wait(turn, 0, LONG, signal);
  await said(turn);
  const unexpect = writer.expect(turn, [event(1)]);
  await woken;
  unexpect();
  unfollow();
});

test('everybody is told of a turn that another process took on', async () => {
  const hints = listen();
  const turn = newId();
  const unexpect = writer.expect(turn, []);
  writer.feed(turn, [event(1), event(2)]);
  writer.feed(turn, [event(3)]);
  unexpect();
  await expect.poll(() => hints).toContain(`${turn}:3`);
});
