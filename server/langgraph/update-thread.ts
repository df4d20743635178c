import type { App } from '#server/app.ts';
import { getThread, type ThreadRow } from '#server/langgraph/find-threads.ts';
import { AppError } from '#server/platform/errors.ts';

/** Adds to a thread's metadata. A conversation's own thread has the conversation's name and takes no other. */
export async function updateThread(
  app: Pick<App, 'db'>,
  { userId, thread, metadata }: { userId: string; thread: ThreadRow; metadata: Record<string, unknown> },
): Promise<ThreadRow> {
  assertBegun(thread);
  await app.db.query(
    'UPDATE langgraph_threads SET metadata = metadata || $3, updated_at = now() WHERE id = $1 AND user_id = $2',
    [thread.id, userId, JSON.stringify(metadata)],
  );
  return getThread(app, userId, thread.id);
}

/** Forgets a thread. What was said in it stays in the conversation, where it can be deleted. */
export async function deleteThread(
  app: Pick<App, 'db'>,
  { userId, thread }: { userId: string; thread: ThreadRow },
): Promise<void> {
  assertBegun(thread);
  await app.db.query('DELETE FROM langgraph_threads WHERE id = $1 AND user_id = $2', [thread.id, userId]);
}

function assertBegun(thread: ThreadRow): void {
  if (!thread.own) return;
  throw new AppError('conflict', 'This thread is the conversation itself: change or delete that.');
}
