import type { RunView } from '#server/langgraph/contract.ts';
import { conversationOf } from '#server/langgraph/find-states.ts';
import type { Turn, TurnStatus } from '#server/turns/contract.ts';

export const RUN_STATUS: Record<TurnStatus, RunView['status']> = {
  queued: 'pending',
  running: 'running',
  completed: 'success',
  failed: 'error',
  cancelled: 'interrupted',
};

/** A turn as LangGraph's API shows a run. */
export function presentRun(threadId: string, turn: Turn): RunView {
  return {
    run_id: turn.id,
    thread_id: threadId,
    assistant_id: conversationOf(turn),
    created_at: turn.createdAt,
    updated_at: turn.finishedAt ?? turn.startedAt ?? turn.createdAt,
    status: RUN_STATUS[turn.status],
    metadata: { graph_id: turn.mode, assistant_id: conversationOf(turn) },
    kwargs: {},
    multitask_strategy: 'enqueue',
  };
}

/** Where a run is, as LangGraph's clients read it: below the address that they were given. */
export function runLocation(threadId: string, runId: string): string {
  return `/threads/${threadId}/runs/${runId}`;
}
