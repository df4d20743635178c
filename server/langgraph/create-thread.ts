import type { App } from '#server/app.ts';
import type { CreateThread } from '#server/langgraph/contract.ts';
import { getThread, type ThreadRow } from '#server/langgraph/find-threads.ts';
import { orNull } from '#server/langgraph/or-null.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';

/** A thread that nothing was said in; its first run says which conversation it is a line of. Throws `conflict`. */
export async function createThread(
  app: Pick<App, 'db'>,
  { userId, request }: { userId: string; request: CreateThread },
): Promise<ThreadRow> {
  const id = request.thread_id?.toLowerCase() ?? newId();
  const known = request.thread_id ? await orNull(getThread(app, userId, id)) : null;
  if (known && request.if_exists === 'do_nothing') return known;
  const { rowCount } = known
    ? { rowCount: 0 }
    : await app.db.query(
        `INSERT INTO langgraph_threads (id, user_id, metadata)
         SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM rooms WHERE id = $1)
           AND NOT EXISTS (SELECT 1 FROM direct_sessions WHERE id = $1)
         ON CONFLICT (id) DO NOTHING`,
        [id, userId, JSON.stringify(request.metadata ?? {})],
      );
  if (rowCount === 0) throw new AppError('conflict', 'This thread id is taken. Leave it out to be given one.');
  return getThread(app, userId, id);
}
