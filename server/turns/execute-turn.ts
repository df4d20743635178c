import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '#server/app.ts';
import { recallAhead } from '#server/context/recall.ts';
import { isConnectionError } from '#server/platform/db.ts';
import type { Trace } from '#server/platform/tracing.ts';
import { closeLostCalls } from '#server/turns/close-lost-calls.ts';
import type { NewEvent } from '#server/turns/append-events.ts';
import { stepStarted, turnStarted } from '#server/turns/begin-first-steps.ts';
import { unmadeCalls } from '#server/turns/changes.ts';
import type { Problem } from '#server/turns/contract.ts';
import type { Graphs } from '#server/turns/graphs.ts';
import { LeaseLost } from '#server/turns/lease.ts';
import { presentStep } from '#server/turns/present-turn.ts';
import { record } from '#server/turns/record.ts';
import type { StepRow } from '#server/turns/rows.ts';
import { endRun, INTERNAL, RunEnded, type Run } from '#server/turns/run.ts';
import { settleTurn } from '#server/turns/settle-turn.ts';

type ExecuteApp = Pick<App, 'db' | 'hub' | 'writer' | 'llm' | 'metrics' | 'log' | 'checkpointer' | 'tracer'>;

const RETRY_GRAPH_MS = 500;
/** A turn that took down so many processes is given up. */
const MAX_ATTEMPTS = 25;

/**
 * Runs a claimed turn to its end, from the beginning or from where the process before this one stopped: the only path for
 * the page, the API and the tests. Returns when the turn is settled, or when it is no longer this process's to settle.
 */
export async function executeTurn(app: ExecuteApp, graphs: Graphs, run: Run): Promise<void> {
  const deadline = setTimeout(
    () => endRun(run, { reason: 'limit', code: 'cap_reached', message: 'The turn reached its time limit.' }),
    Math.max(0, run.turn.snapshot.caps.wallMs - run.elapsedMs),
  );
  const trace = (run.trace = traceOf(app, run));
  try {
    if (run.turn.stop_requested_at) endRun(run, { reason: 'stopped' });
    if (run.lease.seq <= 1) run.lease.held.push({ events: startOf(run), changes: {} });
    if (!run.end) recallAhead(app, run);
    await closeLostCalls(app, run);
    const failure = run.end ? null : await runGraph(app, graphs, run);
    if (run.end?.reason === 'handover') {
      await record(app, run, [], { checkpoint: app.checkpointer.take(run.turn.id), journal: unmadeCalls(run) });
    }
    if (!belongsToAnother(run)) await settle(app, run, failure);
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
  } finally {
    clearTimeout(deadline);
    // Of a turn that is another's now, it is dropped.
    app.checkpointer.take(run.turn.id);
    trace.set({ 'pantheon.turn.status': run.turn.status });
    if (run.turn.status === 'failed') trace.fail(run.turn.error?.code ?? 'failed');
    trace.end();
  }
}

/** A turn whose last step can't be recorded ends without it. */
async function settle(app: ExecuteApp, run: Run, failure: Problem | null): Promise<void> {
  try {
    await settleTurn(app, run, failure, app.checkpointer.take(run.turn.id));
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    app.log.error('a turn could not be settled as it is', { turnId: run.turn.id, error });
    await settleTurn(app, run, INTERNAL);
  }
}

/** One span per attempt at a turn; it names the request that the message came with. */
function traceOf({ tracer }: ExecuteApp, { turn }: Run): Trace {
  return tracer.start(`invoke_workflow ${turn.mode}`, {
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.workflow.name': turn.mode,
    'gen_ai.conversation.id': turn.conversation_id,
    'pantheon.turn.id': turn.id,
    'pantheon.turn.attempt': turn.attempt,
    ...(turn.snapshot.requestId === undefined ? {} : { 'pantheon.request.id': turn.snapshot.requestId }),
  });
}

/** `turn_queued` is event 1: with nothing after it the turn has not been announced as started. It is with its first record. */
function startOf(run: Run): NewEvent[] {
  const reused = [...run.steps.values()]
    .filter((step) => step.status === 'completed')
    .sort((a, b) => a.index - b.index);
  return [turnStarted(run.turn.mode, run.message), ...reused.flatMap(retell)];
}

/** The events of a step that was taken over from an earlier turn. */
function retell(step: StepRow): NewEvent[] {
  const { id: stepId, content: text, data: plan } = step;
  const begun: StepRow = { ...step, status: 'running', content: '', finished_at: null };
  return [
    stepStarted(begun),
    { type: 'step_delta', stepId, data: { text } },
    ...(plan ? [{ type: 'route_decided' as const, stepId, data: plan }] : []),
    { type: 'step_completed', stepId, data: presentStep(step) },
  ];
}

function belongsToAnother(run: Run): boolean {
  return run.end?.reason === 'lost' || run.end?.reason === 'handover';
}

/** The failure that the graph died of, or null. A broken database connection is waited out: what is recorded stays recorded. */
async function runGraph(app: ExecuteApp, graphs: Graphs, run: Run): Promise<Problem | null> {
  const { turn } = run;
  if (turn.attempt > MAX_ATTEMPTS) {
    return { code: 'gave_up', message: 'This turn was interrupted too often. Send the message again.' };
  }
  for (;;) {
    try {
      await graphs.invoke(run);
      return null;
    } catch (error) {
      await Promise.allSettled(run.running.values());
      if (run.end || error instanceof RunEnded || error instanceof LeaseLost) return null;
      if (!isConnectionError(error)) {
        app.log.error('a turn’s graph failed', { turnId: turn.id, error });
        return INTERNAL;
      }
      app.log.warn('a turn waits for the database', { turnId: turn.id, error });
      forgetFailures(run);
      await sleep(RETRY_GRAPH_MS, undefined, { signal: run.abort.signal }).catch(() => {});
    }
  }
}

/** Steps that were asked for and not recorded are asked for again. */
function forgetFailures(run: Run): void {
  for (const key of run.running.keys()) {
    const step = run.steps.get(key);
    if (!step || step.status === 'pending' || step.status === 'running') run.running.delete(key);
  }
}
