import type { App } from '#server/app.ts';
import type { NewEvent } from '#server/turns/append-events.ts';
import { journalIntent, type JournalEntry } from '#server/turns/changes.ts';
import type { TurnMode } from '#server/turns/contract.ts';
import { presentStep } from '#server/turns/present-turn.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { Snapshot } from '#server/turns/snapshot.ts';

/** What goes down with the message of a turn that starts at once. */
export type Beginning = {
  /** Behind turn_queued. */
  events: NewEvent[];
  /** All steps that are known, those that begin included. */
  steps: StepRow[];
  /** The intents of the first calls of the steps that begin. */
  calls: JournalEntry[];
};

/**
 * Begins the steps that nothing comes before: everyone who was tagged, the first of a roundtable, the manager. Their first
 * calls need no record of their own then, which the first token would wait for.
 */
export function beginFirstSteps(
  app: Pick<App, 'llm' | 'prompts'>,
  { mode, message, steps, snapshot }: { mode: TurnMode; message: string; steps: StepRow[]; snapshot: Snapshot },
): Beginning {
  const first = mode === 'roundtable' ? steps.slice(0, 1) : steps.slice(0, snapshot.caps.steps);
  const begun = new Map<string, StepRow>();
  const calls = first.flatMap((step): JournalEntry[] => {
    const model = snapshot.models[step.model_alias];
    if (!model) return [];
    const requested = app.llm.resolveModel(step.model_alias, model.model);
    begun.set(step.key, {
      ...step,
      status: 'running',
      requested_model: requested,
      prompt_version: app.prompts[step.kind].version,
      started_at: new Date(),
    });
    return [
      journalIntent(step.turn_id, { stepKey: step.key, callNo: 0, attempt: 1, requestHash: null, model: requested }),
    ];
  });
  return {
    events: [turnStarted(mode, message), ...[...begun.values()].map(stepStarted)],
    steps: steps.map((step) => begun.get(step.key) ?? step),
    calls,
  };
}

export function turnStarted(mode: TurnMode, message: string): NewEvent {
  return { type: 'turn_started', data: { mode, message } };
}

export function stepStarted(step: StepRow): NewEvent {
  return { type: 'step_started', stepId: step.id, data: presentStep(step) };
}
