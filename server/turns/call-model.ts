import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelAsk } from '#graphs/ports.ts';
import type { ChatMessage, ModelOutcome, ToolDefinition } from '#server/adapters/llm/port.ts';
import type { App } from '#server/app.ts';
import { mostOfCall } from '#server/billing/most-of-call.ts';
import type { NewEvent } from '#server/turns/append-events.ts';
import type { Trace } from '#server/platform/tracing.ts';
import { meterCall } from '#server/usage/meter-call.ts';
import { record } from '#server/turns/record.ts';
import type { StepRow, TurnRow } from '#server/turns/rows.ts';
import { assertRunning, endRun, RunEnded, type JournaledReply, type Run } from '#server/turns/run.ts';
import {
  journalIntent,
  journalOutcome,
  takeBegunCall,
  usageRow,
  type Changes,
  type JournalEntry,
  type UsageRow,
} from '#server/turns/changes.ts';
import type { SnapshotModel } from '#server/turns/snapshot.ts';

/** Who asks, for the journal's key and the usage row. A summary belongs to no step. */
export type Caller = {
  key: string;
  purpose: UsageRow['purpose'];
  stepId: string | null;
  agentId: string | null;
  modelAlias: string;
  fallbackAlias: string | null;
};

/** What a model is asked, once tools have their part in it. */
export type CallAsk = Omit<ModelAsk, 'messages'> & { messages: ChatMessage[]; tools?: ToolDefinition[] };

/** A finished call whose journal entry and usage row are still to be recorded, together with what comes of it. */
export type CallResult = {
  reply: JournaledReply | null;
  failure: { code: string; message: string } | null;
  aborted: boolean;
  journal: JournalEntry[];
  usage: UsageRow[];
  /** Every attempt's usage row, those included that are recorded already. */
  spent: UsageRow[];
  servedModel: string | null;
  modelAlias: string;
};

/** What is to be recorded of a call. */
export function recordOf({ journal, usage }: CallResult): Changes {
  return { journal, usage };
}

type Options = {
  signal: AbortSignal;
  onText: (text: string) => void;
  /** True once something was passed on to readers: from then on nothing is tried again. */
  streamed: () => boolean;
  /** What begins with the first call and is committed with its intent; empty once it was taken. */
  opening: () => { events: NewEvent[]; steps: StepRow[] };
  /** Told before each attempt, and once when the model that answers is known to be another than before. */
  onAttempt: (requestedModel: string, modelAlias: string) => void;
};

const TRIES = 3;
const BACKOFF_MS = 400;
const MAX_BACKOFF_MS = 20_000;

/**
 * Makes call `callNo` of a step: an intent is committed before each attempt (with the message, where the turn started with
 * it), attempts that failed are recorded with their own usage rows, and the last one is handed back so that its record joins
 * the caller's. Tried again only before the first text, with backoff; then the agent's fallback model, if it has one, is asked.
 * A reply that the journal holds is returned without a call. (I2, I5)
 */
export async function callModel(
  app: Pick<App, 'db' | 'hub' | 'writer' | 'llm' | 'metrics' | 'log'>,
  run: Run,
  caller: Caller,
  callNo: number,
  ask: CallAsk,
  options: Options,
): Promise<CallResult> {
  const requestHash = hashRequest(ask);
  const earlier = run.journal.filter((row) => row.step_key === caller.key && row.call_no === callNo);
  const replayed = earlier.find((row) => row.status === 'ok');
  if (replayed?.response) return replay(replayed.request_hash, requestHash, replayed.response, replayed.model, caller);

  let attempt = earlier.reduce((most, row) => Math.max(most, row.attempt), 0);
  const spent: UsageRow[] = [];
  const aliases = [...new Set([caller.modelAlias, ...(caller.fallbackAlias === null ? [] : [caller.fallbackAlias])])];
  for (const [place, alias] of aliases.entries()) {
    const model = run.turn.snapshot.models[alias];
    const last = place === aliases.length - 1;
    if (!model) {
      if (last) return unmade(alias, 'model_unavailable', `The model “${alias}” has no price in this pricing version.`);
      continue;
    }
    let via: 'json_schema' | 'tool' = 'json_schema';
    for (let tries = 1; ; tries += 1) {
      assertRunning(run);
      const most = promiseCall(run, ask, model);
      attempt += 1;
      const call = { callNo, attempt, ask, requestHash, alias, model, via, spent };
      const made = await makeCall(app, run, caller, call, options).finally(() => (run.promised -= most));
      spent.push(...made.result.usage);
      if (made.result.reply || made.result.aborted) return made.result;
      const { failure } = made.outcome;
      const unformatted =
        failure?.code === 'unsupported_format' && via === 'json_schema' && ask.structured !== undefined;
      if (unformatted) via = 'tool';
      const again = !options.streamed() && (unformatted || (failure?.retryable === true && tries < TRIES));
      if (!again && (last || options.streamed())) return made.result;
      await record(app, run, [], recordOf(made.result));
      if (!again) break;
      if (!unformatted) await backOff(tries, failure.retryAfterMs, options.signal);
    }
  }
  throw new Error('A call was asked for with no model.');
}

/** Text from outside goes into the hash as it is: the same request has the same hash on every replay. */
export function hashRequest(ask: CallAsk): string {
  const tools = ask.tools && ask.tools.length > 0 ? [ask.tools.map(({ name }) => name)] : [];
  return hash('sha256', JSON.stringify([ask.messages, ask.structured ?? null, ...tools]));
}

/** A recorded call is never made again; if what it answered is no longer what is asked, that is an error, not a call. */
function replay(
  recorded: string | null,
  asked: string,
  reply: JournaledReply,
  model: string,
  caller: Caller,
): CallResult {
  const same = recorded === asked;
  return {
    reply: same ? reply : null,
    failure: same
      ? null
      : { code: 'replay_mismatch', message: 'This step was resumed with another request than it was started with.' },
    aborted: false,
    journal: [],
    usage: [],
    spent: [],
    servedModel: model,
    modelAlias: caller.modelAlias,
  };
}

function unmade(alias: string, code: string, message: string): CallResult {
  const failure = { code, message };
  return {
    reply: null,
    failure,
    aborted: false,
    journal: [],
    usage: [],
    spent: [],
    servedModel: null,
    modelAlias: alias,
  };
}

/** Counts a call against the turn's caps and its hold: one that the rest can't cover is not made, and the turn ends. */
function promiseCall(run: Run, ask: CallAsk, model: SnapshotModel): bigint {
  const { caps } = run.turn.snapshot;
  run.calls += 1;
  if (run.calls > caps.calls) {
    throw limitReached(run, 'cap_reached', `The turn reached its limit of ${caps.calls} model calls.`);
  }
  const most = mostOfCall(ask, model, outputLimit(run, ask, model));
  if (run.turn.reserved_micro_credits - run.promised < most) {
    throw limitReached(run, 'credits_exhausted', 'The credits set aside for this turn don’t reach for another call.');
  }
  run.promised += most;
  return most;
}

export function limitReached(run: Run, code: string, message: string): RunEnded {
  endRun(run, { reason: 'limit', code, message });
  return new RunEnded('limit');
}

export function outputLimit(run: { turn: Pick<TurnRow, 'snapshot'> }, ask: CallAsk, model: SnapshotModel): number {
  const { outputTokens } = run.turn.snapshot.caps;
  return Math.min(ask.maxOutputTokens ?? outputTokens, model.maxOutputTokens, outputTokens);
}

async function makeCall(
  app: Pick<App, 'db' | 'hub' | 'writer' | 'llm' | 'metrics' | 'log'>,
  run: Run,
  caller: Caller,
  call: {
    callNo: number;
    attempt: number;
    ask: CallAsk;
    requestHash: string;
    alias: string;
    model: SnapshotModel;
    via: 'json_schema' | 'tool';
    spent: UsageRow[];
  },
  options: Options,
): Promise<{ result: CallResult; outcome: ModelOutcome }> {
  const { ask, model } = call;
  const requested = app.llm.resolveModel(call.alias, model.model);
  const { callNo, attempt, requestHash } = call;
  const begun = callNo === 0 && attempt === 1 ? takeBegunCall(run, caller.key) : null;
  const intent = begun
    ? { ...begun, request_hash: requestHash }
    : journalIntent(run.turn.id, { stepKey: caller.key, callNo, attempt, requestHash, model: requested });
  options.onAttempt(requested, call.alias);
  const { events, steps } = options.opening();
  if (begun && performance.now() < run.begun.until) run.journal = [...run.journal, intent];
  else await record(app, run, events, { journal: [intent], steps });
  const trace = (run.stepTraces.get(caller.key) ?? run.trace)?.child(`chat ${requested}`, {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': app.llm.provider,
    'gen_ai.request.model': requested,
    'gen_ai.request.max_tokens': outputLimit(run, ask, model),
    'pantheon.call.id': intent.id,
  });
  const outcome = await app.llm.callModel(
    {
      model: requested,
      messages: ask.messages,
      maxOutputTokens: outputLimit(run, ask, model),
      ...(ask.tools && ask.tools.length > 0 ? { tools: ask.tools } : {}),
      ...(ask.structured ? { structured: { ...ask.structured, via: call.via } } : {}),
    },
    {
      signal: options.signal,
      onText: options.onText,
      correlation: { requestId: run.turn.snapshot.requestId ?? null, traceparent: trace?.traceparent() ?? null },
    },
  );
  endTrace(trace, outcome);
  app.metrics.observeModelCall(app.llm.provider, call.alias, outcome);
  const aborted = outcome.failure?.code === 'aborted';
  const reply = outcome.status === 'ok' ? { text: outcome.text, toolCalls: outcome.toolCalls } : null;
  const metered = meterCall(outcome, model);
  const usage = usageRow(run, intent, {
    metered: run.end?.reason === 'handover' && aborted ? uncharged(metered) : metered,
    purpose: caller.purpose,
    stepId: caller.stepId,
    agentId: caller.agentId,
    provider: app.llm.provider,
    model: outcome.servedModel ?? requested,
    modelAlias: call.alias,
    multiplier: model.multiplier,
    requestId: outcome.requestId,
    latencyMs: outcome.latencyMs,
    firstTokenMs: outcome.firstTokenMs,
    errorCode: outcome.failure?.code ?? null,
  });
  app.metrics.creditsBurned.inc({ alias: call.alias }, Number(usage.credits_burned) / 1e6);
  const status = reply ? 'ok' : aborted ? 'cancelled' : 'failed';
  return {
    outcome,
    result: {
      reply,
      failure: outcome.failure ? { code: outcome.failure.code, message: outcome.failure.message } : null,
      aborted,
      journal: [journalOutcome(intent, status, reply)],
      usage: outcome.reached ? [usage] : [],
      spent: call.spent,
      servedModel: outcome.servedModel ?? requested,
      modelAlias: call.alias,
    },
  };
}

function endTrace(trace: Trace | undefined, outcome: ModelOutcome): void {
  trace?.set({
    'gen_ai.usage.input_tokens': outcome.usage.promptTokens,
    'gen_ai.usage.output_tokens': outcome.usage.completionTokens,
    ...(outcome.servedModel === null ? {} : { 'gen_ai.response.model': outcome.servedModel }),
    ...(outcome.requestId === null ? {} : { 'gen_ai.response.id': outcome.requestId }),
    ...(outcome.finishReason === null ? {} : { 'gen_ai.response.finish_reasons': [outcome.finishReason] }),
    ...(outcome.firstTokenMs === null ? {} : { 'pantheon.first_token_ms': outcome.firstTokenMs }),
  });
  if (outcome.failure) trace?.fail(outcome.failure.code);
  trace?.end();
}

/** A call that was broken off because this process stops is made again elsewhere; the user pays once. */
function uncharged(metered: ReturnType<typeof meterCall>): ReturnType<typeof meterCall> {
  return { ...metered, creditsBurned: 0n, status: 'lost' };
}

/** Waits before the next try; an abort ends the wait, and the next look at the run ends the step. */
async function backOff(tries: number, retryAfterMs: number | null, signal: AbortSignal): Promise<void> {
  const doubled = BACKOFF_MS * 2 ** (tries - 1) * (0.75 + Math.random() / 2);
  const ms = Math.min(Math.max(doubled, retryAfterMs ?? 0), MAX_BACKOFF_MS);
  await sleep(ms, undefined, { signal }).catch(() => {});
}
