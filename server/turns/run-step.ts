import type { StepResult, StepScript, StepSpec } from '#graphs/ports.ts';
import type { ModelAlias } from '#server/agents/contract.ts';
import type { App } from '#server/app.ts';
import { newId } from '#server/platform/ids.ts';
import { filterOf } from '#server/tools/step-filter.ts';
import type { NewEvent } from '#server/turns/append-events.ts';
import { stepStarted } from '#server/turns/begin-first-steps.ts';
import { callModel, recordOf, type CallAsk, type Caller, type CallResult } from '#server/turns/call-model.ts';
import type { StepStatus } from '#server/turns/contract.ts';
import { cancelStep, finishStep, resultOf } from '#server/turns/finish-step.ts';
import { record } from '#server/turns/record.ts';
import { pendingStep, type StepRow } from '#server/turns/rows.ts';
import { assertRunning, endRun, RunEnded, type Run } from '#server/turns/run.ts';
import { runTools } from '#server/turns/run-tools.ts';
import { askWithTools, toolsOf } from '#server/turns/step-tools.ts';
import type { UsageRow } from '#server/turns/changes.ts';
import { createStepText, type StepText } from '#server/turns/step-text.ts';

type StepApp = Pick<
  App,
  'db' | 'hub' | 'writer' | 'llm' | 'metrics' | 'log' | 'search' | 'storage' | 'parser' | 'toolServers' | 'env'
>;

/** A step as a graph asks for it, and the version of the platform's prompt that it is asked with. */
type RunSpec = StepSpec & { promptVersion: string };

const FINAL: readonly StepStatus[] = ['completed', 'failed', 'skipped', 'cancelled'];
/** Asks of one step: a conversation with the model that doesn't end by itself is ended. */
const MAX_ASKS = 24;

/**
 * Runs one step exactly once: what is recorded of it is returned, else the model is asked and the response, usage row,
 * step, message and events are recorded in one fenced transaction. A step that fails is a result; this throws only what
 * ends the run (RunEnded, LeaseLost).
 */
export function runStep(app: StepApp, run: Run, spec: RunSpec, script: StepScript): Promise<StepResult> {
  const running = run.running.get(spec.key);
  if (running) return running;
  const promise = recallOrRun(app, run, spec, script);
  run.running.set(spec.key, promise);
  return promise;
}

async function recallOrRun(app: StepApp, run: Run, spec: RunSpec, script: StepScript): Promise<StepResult> {
  assertRunning(run);
  const known = run.steps.get(spec.key);
  if (known && FINAL.includes(known.status)) return resultOf(known);
  assertStepsLeft(run, spec);
  const step = stepOf(run, spec);
  if (known?.skip_requested_at) return finishStep(app, run, step, 'skipped', {});
  const abort = new AbortController();
  run.stepAborts.set(spec.key, abort);
  try {
    return await traced(run, step, () =>
      converse(app, run, step, spec, script, AbortSignal.any([run.abort.signal, abort.signal])),
    );
  } finally {
    run.stepAborts.delete(spec.key);
  }
}

async function traced(run: Run, step: StepRow, work: () => Promise<StepResult>): Promise<StepResult> {
  const trace = run.trace?.child('invoke_agent', {
    'gen_ai.operation.name': 'invoke_agent',
    'pantheon.step.id': step.id,
    'pantheon.step.kind': step.kind,
    ...(step.agent_id === null ? {} : { 'gen_ai.agent.id': step.agent_id }),
  });
  if (trace) run.stepTraces.set(step.key, trace);
  try {
    const result = await work();
    if (result.status === 'failed') trace?.fail(result.error?.code ?? 'failed');
    return result;
  } finally {
    trace?.end();
    run.stepTraces.delete(step.key);
  }
}

/** The step as it starts: running, with whatever a process before this one had streamed of it forgotten. */
function stepOf(run: Run, spec: RunSpec): StepRow {
  const known = run.steps.get(spec.key);
  return {
    ...(known ??
      pendingStep({
        id: newId(),
        turn_id: run.turn.id,
        key: spec.key,
        index: spec.index,
        kind: spec.kind,
        agent_id: spec.agentId,
        agent_name: spec.agentName,
        model_alias: spec.modelAlias as ModelAlias,
      })),
    instruction: spec.instruction,
    prompt_version: spec.promptVersion,
    requested_model: null,
    status: 'running',
    content: '',
    tool_calls: [],
    citations: [],
    started_at: known?.started_at ?? new Date(),
  };
}

async function converse(
  app: StepApp,
  run: Run,
  step: StepRow,
  spec: RunSpec,
  script: StepScript,
  signal: AbortSignal,
): Promise<StepResult> {
  const caller: Caller = { ...spec, purpose: spec.kind, stepId: step.id };
  const { filter } = script;
  const text = filter
    ? createStepText(
        () => filterOf(run, filter),
        (piece) => app.writer.delta(run.lease, step.id, piece),
      )
    : null;
  const opening = openStep(run, step);
  const tools = toolsOf(run, spec);
  let ask: CallAsk = text ? askWithTools(run, script, tools) : script.ask;
  for (let asked = 1; ; asked += 1) {
    const result = await orCancel(app, run, step, text, async () => {
      const called = await callModel(app, run, caller, asked - 1, ask, {
        signal,
        onText: (piece) => text?.push(piece),
        streamed: () => text !== null && text.text !== '',
        opening,
        onAttempt: (model, alias) => {
          step.model_alias = alias as ModelAlias;
          step.requested_model ??= model;
        },
      });
      const unopened = opening();
      if (unopened.events.length > 0) await record(app, run, unopened.events, { steps: unopened.steps });
      return called;
    });
    addUsage(step, result.spent);
    step.served_model = result.servedModel;
    if (result.aborted || (signal.aborted && !result.reply)) return breakOff(app, run, step, text, result);
    if (!result.reply) return finishStep(app, run, step, 'failed', { text, call: result, error: result.failure });
    if (result.journal.length === 0 && text) text.push(result.reply.text);
    if (text && result.reply.toolCalls.length > 0) {
      text.endReply();
      await record(app, run, [], { ...recordOf(result), steps: [step] });
      if (asked >= MAX_ASKS) return finishStep(app, run, step, 'failed', { text, error: ENDLESS });
      const { reply } = result;
      const next = await orCancel(app, run, step, text, () => runTools(app, run, step, { ask, tools, reply, signal }));
      if (next === null) return breakOff(app, run, step, text, null);
      ask = next;
      continue;
    }
    const verdict = script.judge({ text: result.reply.text, asked });
    if (verdict.kind === 'done') {
      if (!text)
        return finishStep(app, run, step, 'completed', {
          call: result,
          content: verdict.content,
          plan: verdict.plan ?? null,
        });
      const content = text.end();
      if (content !== '') return finishStep(app, run, step, 'completed', { call: result, content, streamed: true });
      return finishStep(app, run, step, 'failed', { call: result, error: EMPTY });
    }
    if (verdict.kind === 'fail') return finishStep(app, run, step, 'failed', { text, call: result, error: verdict });
    if (asked >= MAX_ASKS) return finishStep(app, run, step, 'failed', { text, call: result, error: ENDLESS });
    await record(app, run, [], { ...recordOf(result), steps: [step] });
    ask = verdict.ask;
  }
}

const EMPTY = { code: 'empty_reply', message: 'The model answered with nothing. Try again, or choose another model.' };
const ENDLESS = { code: 'too_many_asks', message: 'The model did not come to an end.' };

function assertStepsLeft(run: Run, spec: RunSpec): void {
  const { steps } = run.turn.snapshot.caps;
  const begun = [...run.steps.values()].filter((step) => step.status !== 'pending' && step.key !== spec.key).length;
  if (begun < steps) return;
  endRun(run, { reason: 'limit', code: 'cap_reached', message: `The turn reached its limit of ${steps} steps.` });
  throw new RunEnded('limit');
}

/** The step's start, once: it is committed with the intent of its first call, or alone where there is none to make. */
function openStep(run: Run, step: StepRow): () => { events: NewEvent[]; steps: StepRow[] } {
  let opened = run.begun.intents.has(step.key);
  return () => {
    if (opened) return { events: [], steps: [] };
    opened = true;
    const row = { ...step };
    run.steps.set(step.key, row);
    return { events: [stepStarted(row)], steps: [row] };
  };
}

/** A step whose run ends in the middle of something is recorded as cancelled, unless another process goes on with it. */
async function orCancel<T>(
  app: StepApp,
  run: Run,
  step: StepRow,
  text: StepText | null,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RunEnded && run.end && !keepsSilent(run)) cancelStep(app, run, step, text, null);
    throw error;
  }
}

/** A call that was broken off: the step was skipped, or the whole run is over. */
async function breakOff(
  app: StepApp,
  run: Run,
  step: StepRow,
  text: StepText | null,
  call: CallResult | null,
): Promise<StepResult> {
  if (!run.end) return finishStep(app, run, step, 'skipped', { text, ...(call ? { call } : {}) });
  if (run.end.reason === 'handover') {
    if (call) await record(app, run, [], recordOf(call));
  } else if (run.end.reason !== 'lost') {
    cancelStep(app, run, step, text, call);
  }
  throw new RunEnded(run.end.reason);
}

/** True when another process goes on with this turn: nothing is recorded of an end that is none. */
function keepsSilent(run: Run): boolean {
  return run.end?.reason === 'lost' || run.end?.reason === 'handover';
}

function addUsage(step: StepRow, rows: UsageRow[]): void {
  for (const row of rows) {
    step.prompt_tokens += row.prompt_tokens;
    step.completion_tokens += row.completion_tokens;
    step.cached_tokens += row.cached_tokens;
    step.total_tokens += row.total_tokens;
    step.charged_micro_credits += row.credits_burned;
    step.latency_ms += row.latency_ms;
  }
}
