import { placesOf } from '#graphs/nodes/dispatch.ts';
import type { Plan, StepResult } from '#graphs/ports.ts';
import { newId } from '#server/platform/ids.ts';
import { citedIn } from '#server/tools/citations.ts';
import type { NewEvent } from '#server/turns/append-events.ts';
import { recordOf, type CallResult } from '#server/turns/call-model.ts';
import { messageOf } from '#server/turns/message-of.ts';
import { presentStep } from '#server/turns/present-turn.ts';
import { recordWithNext, type RecordApp } from '#server/turns/record.ts';
import { pendingStep, type StepRow } from '#server/turns/rows.ts';
import type { Run } from '#server/turns/run.ts';
import type { StepText } from '#server/turns/step-text.ts';

/**
 * The step's end: its last call's journal and usage rows, its message and its events, in one transaction with what comes
 * next, so that no call is made and no turn ends without it.
 */
export function finishStep(
  app: RecordApp,
  run: Run,
  step: StepRow,
  status: 'completed' | 'failed' | 'skipped' | 'cancelled',
  outcome: {
    call?: CallResult;
    text?: StepText | null;
    content?: string;
    streamed?: boolean;
    plan?: StepResult['plan'];
    error?: { code: string; message: string } | null;
  },
): StepResult {
  const content = outcome.content ?? outcome.text?.end() ?? '';
  const error = outcome.error ? { code: outcome.error.code, message: outcome.error.message } : null;
  const citations = outcome.plan ? [] : citedIn(content, run.citations);
  const end = { status, content, citations, data: outcome.plan ?? null, error, finished_at: new Date() };
  const done: StepRow = { ...step, ...end };
  const events: NewEvent[] = [];
  if (outcome.content !== undefined && !outcome.streamed && content !== '') {
    events.push({ type: 'step_delta', stepId: step.id, data: { text: content } });
  }
  const workers = outcome.plan ? workerSteps(run, outcome.plan) : [];
  if (outcome.plan) events.push({ type: 'route_decided', stepId: step.id, data: outcome.plan });
  events.push({ type: `step_${status}`, stepId: step.id, data: presentStep(done) });
  const message = messageOf(done);
  const rows = [done, ...workers];
  const before = rows.map(({ key }) => [key, run.steps.get(key)] as const);
  for (const row of rows) run.steps.set(row.key, row);
  recordWithNext(app, run, {
    events,
    changes: {
      ...(outcome.call ? recordOf(outcome.call) : {}),
      steps: rows,
      messages: message ? [message] : [],
    },
    undo: () => {
      for (const [key, row] of before) {
        if (row) run.steps.set(key, row);
        else run.steps.delete(key);
      }
    },
  });
  return resultOf(done);
}

/** The end of a step whose turn ends in the middle of it. */
export function cancelStep(
  app: RecordApp,
  run: Run,
  step: StepRow,
  text: StepText | null,
  call: CallResult | null,
): void {
  const error = run.end?.reason === 'limit' ? { code: run.end.code, message: run.end.message } : null;
  finishStep(app, run, step, 'cancelled', { text, ...(call ? { call } : {}), error });
}

/** The steps that a plan leads to, so that they can be seen, and skipped, before they start. */
function workerSteps(run: Run, plan: Plan): StepRow[] {
  const { roster } = run.turn.snapshot;
  const workers = placesOf(plan.assignments).flatMap(({ key, index, assignment }) => {
    const agent = roster.find(({ name }) => name === assignment.agent);
    if (!agent) return [];
    const { id: agent_id, name: agent_name, modelAlias: model_alias } = agent;
    const named = { agent_id, agent_name, model_alias, instruction: assignment.instruction };
    return pendingStep({ id: newId(), turn_id: run.turn.id, key, index, kind: 'agent', ...named });
  });
  return workers.filter(({ key }) => !run.steps.has(key));
}

export function resultOf(step: StepRow): StepResult {
  const { status, content, data, error } = step;
  if (status === 'pending' || status === 'running') throw new Error('The step has no result yet.');
  return { status, content, plan: data, error };
}
