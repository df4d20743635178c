import type { App } from '#server/app.ts';

const BATCH = 500;

/**
 * Deletes the checkpoints of turns that ended a while ago: they were the crash scratch of one turn. Threads that belong to no
 * turn (Studio's) are left alone. Returns how many threads went.
 */
export async function deleteSettledCheckpoints(
  app: Pick<App, 'db'>,
  { settledForMinutes }: { settledForMinutes: number },
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rows } = await app.db.query<{ thread_id: string }>(
      `SELECT DISTINCT c.thread_id FROM langgraph.checkpoints c JOIN turns t ON t.id::text = c.thread_id
       WHERE t.finished_at < now() - make_interval(mins => $1) LIMIT ${BATCH}`,
      [settledForMinutes],
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
