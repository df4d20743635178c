import type { App } from '#server/app.ts';
import { getOwnedTurn } from '#server/auth/find-owned.ts';
import type { RunView } from '#server/langgraph/contract.ts';
import { conversationOf } from '#server/langgraph/find-states.ts';
import { getThread, type ThreadRow } from '#server/langgraph/find-threads.ts';
import { presentRun } from '#server/langgraph/present-run.ts';
import { readLine } from '#server/langgraph/read-line.ts';
import { notFound } from '#server/platform/errors.ts';
import type { Turn } from '#server/turns/contract.ts';
import { getTurn } from '#server/turns/get-turn.ts';

/** The runs of a thread, the newest first. */
export async function findRuns(
  app: Pick<App, 'db'>,
  thread: ThreadRow,
  { limit, offset, status }: { limit: number; offset: number; status?: RunView['status'] | undefined },
): Promise<RunView[]> {
  const line = await readLine(app, thread.headTurnId, Math.min(limit + offset, 1_000));
  const runs = line.toReversed().map((turn) => presentRun(thread.id, turn));
  return runs.filter((run) => status === undefined || run.status === status).slice(offset, offset + limit);
}

export type FoundRun = { thread: ThreadRow; turn: Turn };

/** The caller's run of a thread; throws `not_found`. */
export async function getRun(
  app: Pick<App, 'db' | 'prisma'>,
  userId: string,
  { threadId, runId }: { threadId: string; runId: string },
): Promise<FoundRun> {
  const thread = await getThread(app, userId, threadId);
  const { id } = await getOwnedTurn(app, userId, runId);
  const turn = await getTurn(app, id);
  if (conversationOf(turn) !== thread.conversation?.id) throw notFound();
  return { thread, turn };
}
