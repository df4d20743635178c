import type { App } from '#server/app.ts';

const BATCH = 500;
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/**
 * Deletes the checkpoints of turns that ended a while ago: they were the crash scratch of one turn. Threads that belong to no
 * turn (Studio's, by whatever name) are left alone. Turns are found by the checkpoints that there are, of which there are few.
 * Returns how many threads went.
 */
export async function deleteSettledCheckpoints(
  app: Pick<App, 'db'>,
  { settledForMinutes }: { settledForMinutes: number },
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rows } = await app.db.query<{ thread_id: string }>(
      `SELECT DISTINCT c.thread_id FROM langgraph.checkpoints c
         JOIN turns t ON t.id = CASE WHEN c.thread_id ~ $2 THEN c.thread_id::uuid END
       WHERE t.finished_at < now() - make_interval(mins => $1) LIMIT ${BATCH}`,
      [settledForMinutes, UUID],
    );
    const threads = rows.map((row) => row.thread_id);
    if (threads.length === 0) return deleted;
    await app.db.query(
      `WITH writes AS (DELETE FROM langgraph.checkpoint_writes WHERE thread_id = ANY($1)),
         blobs AS (DELETE FROM langgraph.checkpoint_blobs WHERE thread_id = ANY($1))
       DELETE FROM langgraph.checkpoints WHERE thread_id = ANY($1)`,
      [threads],
    );
    deleted += threads.length;
  }
}
