import { emptyCheckpoint } from '@langchain/langgraph-checkpoint';
import { expect, test, vi } from 'vitest';
import { createCheckpointer } from '#server/platform/checkpointer.ts';
import { deleteSettledCheckpoints } from '#server/turns/delete-settled-checkpoints.ts';
import { startTestApp } from '../support/app.ts';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';

const { app, db, databaseUrl, createUser } = await startTestApp();
const { client } = await createUser();
const checkpointOf = (thread_id: string) => app.checkpointer.getTuple({ configurable: { thread_id } });

test('what the graphs of turns that end together came to is kept, each in its own thread', async () => {
  const rooms = await Promise.all(['Ada', 'Bo', 'Cy'].map((name) => createRoom(client, { agents: [name] })));
  const turns = await Promise.all(rooms.map(({ id, agents }) => runTurn(client, id, `@${agents[0]?.name} hello`)));
  for (const turn of turns) {
    const kept = await vi.waitUntil(() => checkpointOf(turn.id));
    expect(kept.checkpoint.channel_values['replies']).toMatchObject([{ content: turn.steps[0]?.content }]);
  }
});

test('a checkpoint is written once it is released, at the latest when the saver ends; one that is forgotten never is', async () => {
  const ends = createCheckpointer(databaseUrl);
  const checkpoint = { ...emptyCheckpoint(), channel_values: { said: 'hello' }, channel_versions: { said: 1 } };
  const metadata = { source: 'loop', step: 1, parents: {} } as const;
  for (const thread_id of ['released', 'forgotten']) {
    await ends.put({ configurable: { thread_id, checkpoint_ns: '' } }, checkpoint, metadata, { said: 1 });
  }
  ends.forget('forgotten');
  for (const thread of ['released', 'forgotten', 'unknown']) ends.release(thread);
  await ends.end();
  expect(await checkpointOf('released')).toMatchObject({ checkpoint, metadata });
  expect(await checkpointOf('forgotten')).toBeUndefined();
});

test('checkpoints go a while after their turn has ended; those of threads that are no turn stay, whatever their names', async () => {
  const room = await createRoom(client, { agents: ['Ada'] });
  const old = await runTurn(client, room.id, '@Ada hello');
  const young = await runTurn(client, room.id, '@Ada hello again');
  for (const { id } of [old, young]) await vi.waitUntil(() => checkpointOf(id));
  await db.query(`UPDATE turns SET finished_at = finished_at - interval '2 hours' WHERE id = $1`, [old.id]);
  const studio = ['a thread of Studio', '01890000-0000-7000-8000-00000000000', '01890000-0000-7000-8000-000000000000'];
  await db.query(
    `INSERT INTO langgraph.checkpoints (thread_id, checkpoint_id, checkpoint) SELECT id, 'x', '{}' FROM unnest($1::text[]) id`,
    [studio],
  );
  expect(await deleteSettledCheckpoints(app, { settledForMinutes: 60 })).toBe(1);
  const { rows } = await db.query<{ thread_id: string }>(
    'SELECT thread_id FROM langgraph.checkpoints WHERE thread_id = ANY($1)',
    [[old.id, young.id, ...studio]],
  );
  expect(rows.map(({ thread_id }) => thread_id).sort()).toEqual([young.id, ...studio].sort());
  expect(await deleteSettledCheckpoints(app, { settledForMinutes: 60 })).toBe(0);
});
