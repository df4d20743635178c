import { expect, test } from 'vitest';
import { deleteSettledCheckpoints } from '#server/turns/delete-settled-checkpoints.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';

const { app, db, createUser } = await startTestApp();
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
