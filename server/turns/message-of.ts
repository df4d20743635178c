import type { StepRow } from '#server/turns/rows.ts';
import type { MessageRow } from '#server/turns/changes.ts';

/** What becomes part of the conversation: finished replies, and what a stopped one had said. Its id is the step's. */
export function messageOf(step: StepRow): MessageRow | null {
  if (step.kind === 'manager' || step.content === '') return null;
  if (step.status !== 'completed' && step.status !== 'cancelled') return null;
  return {
    id: step.id,
    turn_id: step.turn_id,
    step_id: step.id,
    index: step.index,
    role: step.kind,
    agent_id: step.agent_id,
    agent_name: step.agent_name,
    content: step.content,
    created_at: step.finished_at ?? new Date(),
  };
}
