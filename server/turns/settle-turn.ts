import type { App } from '#server/app.ts';
import type { NewEvent } from '#server/turns/append-events.ts';
import { unmadeCalls } from '#server/turns/changes.ts';
import type { Problem, TurnStatus } from '#server/turns/contract.ts';
import { messageOf } from '#server/turns/message-of.ts';
import { presentStep, presentTurn } from '#server/turns/present-turn.ts';
import { readSpokenText } from '#server/turns/read-spoken-text.ts';
import { record } from '#server/turns/record.ts';
import type { StepRow, TurnRow } from '#server/turns/rows.ts';
import type { Run } from '#server/turns/run.ts';

/**
 * Ends a turn: its state, its last event, the rest of its hold, its lease and LangGraph's checkpoint, in one transaction.
 * Steps that were not finished are cancelled, with what readers have of them. `failure` is what the graph died of, if it
 * did; `checkpoint` what it had got to.
 */
export async function settleTurn(
  app: Pick<App, 'db' | 'hub' | 'writer' | 'metrics' | 'log'>,
  run: Run,
  failure: Problem | null,
  checkpoint: string | null = null,
): Promise<void> {
  // A record on its way lands, or takes back what it could not record.
  await run.lease.tail;
  const finishedAt = new Date();
  const open = [...run.steps.values()].filter((step) => step.status === 'pending' || step.status === 'running');
  const broken = open.filter((step) => step.status === 'running');
  const spoken = await readSpokenText(app, run, broken);
  const cancelled = open.map((step): StepRow => {
    return { ...step, status: 'cancelled', content: spoken.get(step.id) ?? '', finished_at: finishedAt };
  });
  const steps = new Map([...run.steps, ...cancelled.map((step) => [step.key, step] as const)]);
  const { status, error, warnings } = verdictOf(run, steps, failure);
  const settled: TurnRow = {
    ...run.turn,
    status,
    error,
    warnings,
    finished_at: finishedAt,
    failed_steps: [...steps.values()].filter((step) => step.status === 'failed').length,
    reserved_micro_credits: 0n,
  };
  const events = (from: number, credits: bigint): NewEvent[] => {
    const ended = cancelled.map((step): NewEvent => ({
      type: 'step_cancelled',
      stepId: step.id,
      data: presentStep(step),
    }));
    const lastSeq = from + ended.length + 1;
    const charged_micro_credits = run.turn.charged_micro_credits + credits;
    const turn = { ...settled, charged_micro_credits, last_seq: lastSeq };
    return [...ended, { type: `turn_${status}`, data: presentTurn(turn, run.message, steps.values()) }];
  };
  const messages = cancelled.flatMap((step) => messageOf(step) ?? []);
  await record(app, run, events, {
    steps: cancelled,
    messages,
    journal: unmadeCalls(run),
    end: settled,
    checkpoint,
  });
  for (const step of cancelled) run.steps.set(step.key, step);
  run.turn = { ...settled, charged_micro_credits: run.turn.charged_micro_credits };
  app.metrics.turnsSettled.inc({ status, mode: settled.mode });
  app.log.info('turn settled', {
    turnId: settled.id,
    requestId: settled.snapshot.requestId,
    status,
    mode: settled.mode,
    failedSteps: settled.failed_steps,
    ...(error ? { code: error.code } : {}),
  });
}

type Verdict = {
  status: Extract<TurnStatus, 'completed' | 'failed' | 'cancelled'>;
  error: Problem | null;
  warnings: Problem[];
};

/** Completed when anyone answered, failed when nobody could, cancelled when it was stopped. */
function verdictOf(run: Run, steps: Map<string, StepRow>, failure: Problem | null): Verdict {
  const { warnings } = run.turn;
  if (run.end?.reason === 'stopped') return { status: 'cancelled', error: null, warnings };
  const all = [...steps.values()];
  const answered = all.some((step) => step.kind !== 'manager' && step.status === 'completed');
  const limit = run.end?.reason === 'limit' ? { code: run.end.code, message: run.end.message } : null;
  const cause = failure ?? limit;
  if (answered) return { status: 'completed', error: null, warnings: cause ? [...warnings, cause] : warnings };
  const failed = all.find((step) => step.status === 'failed');
  if (!cause && !failed) return { status: 'completed', error: null, warnings };
  const error = cause ?? {
    code: failed?.kind === 'manager' ? 'routing_failed' : (failed?.error?.code ?? 'no_reply'),
    message:
      failed?.kind === 'manager'
        ? `The manager could not decide who should answer. ${failed.error?.message ?? ''}`.trim()
        : `No agent could answer. ${failed?.error?.message ?? ''}`.trim(),
  };
  return { status: 'failed', error, warnings };
}
