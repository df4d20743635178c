import { expect, test } from 'vitest';
import { deleteSettledCheckpoints } from '#server/turns/delete-settled-checkpoints.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';

const { app, db, logs, createUser } = await startTestApp();
const { client } = await createUser();

test('checkpoints go a while after their turn has ended; those of threads that are no turn stay, whatever their names', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const old = await runTurn(client, room.id, '@Ada hello');
  const young = await runTurn(client, room.id, '@Ada hello again');
  await db.query(`UPDATE turns SET finished_at = finished_at - interval '2 hours' WHERE id = $1`, [old.id]);
  const studio = ['a thread of Studio', '01890000-0000-7000-8000-00000000000', '01890000-0000-7000-8000-000000000000'];
  await db.query(
    `INSERT INTO langgraph.checkpoints (thread_id, checkpoint_id, checkpoint) SELECT id, 'x', '{}' FROM unnest($1::text[]) id`,
    [[old.id, young.id, ...studio]],
  );
  expect(await deleteSettledCheckpoints(app, { settledForMinutes: 60 })).toBe(1);
  const { rows } = await db.query<{ thread_id: string }>('SELECT DISTINCT thread_id FROM langgraph.checkpoints');
  expect(rows.map(({ thread_id }) => thread_id).sort()).toEqual([young.id, ...studio].sort());
  expect(await deleteSettledCheckpoints(app, { settledForMinutes: 60 })).toBe(0);
});

test('a turn’s checkpoint is there when its end is, with what was said', async () => {
  const room = await createRoom(client, { agents: ['Ada', 'Bo'], mode: 'roundtable' });
  const turn = await runTurn(client, room.id, 'hello');
  const tuple = await app.checkpointer.getTuple({ configurable: { thread_id: turn.id } });
  expect(tuple?.checkpoint.channel_values).toMatchObject({ message: 'hello' });
  expect(tuple?.metadata).toMatchObject({ source: 'loop' });
  const said = JSON.stringify(tuple?.checkpoint.channel_values);
  for (const { content } of turn.steps) expect(said).toContain(JSON.stringify(content).slice(1, -1));
});

test('a checkpoint that can’t be written takes nothing of the turn with it, and is said in the log', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  await db.query('ALTER TABLE langgraph.checkpoints ADD CONSTRAINT broken CHECK (false) NOT VALID');
  const turn = await runTurn(client, room.id, '@Ada hello');
  await db.query('ALTER TABLE langgraph.checkpoints DROP CONSTRAINT broken');
  expect(turn).toMatchObject({ status: 'completed', steps: [{ status: 'completed' }] });
  const { rows } = await db.query('SELECT 1 FROM langgraph.checkpoint_blobs WHERE thread_id = $1', [turn.id]);
  expect(rows).toEqual([]);
  const warned = logs.filter(({ message }) => message === 'a checkpoint was not kept');
  expect(warned).toEqual([
    expect.objectContaining({ turnId: turn.id, reason: expect.stringContaining('broken') as unknown }),
  ]);
});
