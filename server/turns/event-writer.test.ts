import pg from 'pg';
import { createLogger } from 'winston';
import { expect, test } from 'vitest';
import { createEventHub } from '#server/turns/event-hub.ts';
import { createEventWriter } from '#server/turns/event-writer.ts';
import { createLease } from '#server/turns/lease.ts';

test('what agents say at the same time is one event for each of them, not one for each change of speaker', async () => {
  const db = new pg.Pool();
  const log = createLogger({ silent: true });
  const writer = createEventWriter({ db, hub: createEventHub({ db, databaseUrl: '', log }), log });
  const lease = createLease({ turnId: 'turn', token: 'token', seq: 0, lost: () => undefined });
  for (const [step, text] of [
    ['ada', 'One '],
    ['bo', 'Eins '],
    ['ada', 'two '],
    ['bo', 'zwei '],
    ['ada', 'three'],
  ] as const)
    writer.delta(lease, step, text);
  expect(await writer.drain(lease)).toEqual([
    { type: 'step_delta', stepId: 'ada', data: { text: 'One two three' } },
    { type: 'step_delta', stepId: 'bo', data: { text: 'Eins zwei ' } },
  ]);
  await writer.close();
  await db.end();
});
