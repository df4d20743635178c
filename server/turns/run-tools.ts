import { createHash } from 'node:crypto';
import type { ChatMessage, ToolRequest } from '#server/adapters/llm/port.ts';
import type { App } from '#server/app.ts';
import { newId } from '#server/platform/ids.ts';
import { isTool } from '#server/tools/gate.ts';
import { TOOL_LIMITS } from '#server/tools/limits.ts';
import { refused, type ToolOutcome } from '#server/tools/outcome.ts';
import { isUnasked, unknownOutcome } from '#server/tools/use-server-tool.ts';
import { useTool } from '#server/tools/use-tool.ts';
import { askPerson, waitForDecision, withdrawQuestion, type Question } from '#server/turns/ask-person.ts';
import { limitReached, type CallAsk } from '#server/turns/call-model.ts';
import {
  journalIntent,
  journalOutcome,
  type FileAccessRow,
  type JournalEntry,
  type ToolCallRow,
} from '#server/turns/changes.ts';
import type { ToolCall } from '#server/turns/contract.ts';
import { hasReadFile, judgeToolCall } from '#server/turns/judge-tool-call.ts';
import { mostOf, priceOf } from '#server/turns/price-tool-call.ts';
import { record } from '#server/turns/record.ts';
import type { StepRow } from '#server/turns/rows.ts';
import { assertRunning, type JournalRow, type Run } from '#server/turns/run.ts';
import { shownAs, showToolCall } from '#server/turns/show-tool-call.ts';
import { askOn, toolKey, type StepTools } from '#server/turns/step-tools.ts';

type ToolsApp = Pick<App, 'db' | 'hub' | 'writer' | 'search' | 'storage' | 'parser' | 'toolServers' | 'env' | 'log'>;

/**
 * Answers the tool calls of one reply, in order, and returns the ask that goes on from there; null when the step was
 * stopped meanwhile. Each call is judged by the gate, journaled before and after, charged, and told to readers; one that
 * the journal holds is told again and not made again. (I5)
 */
export async function runTools(
  app: ToolsApp,
  run: Run,
  step: StepRow,
  given: { ask: CallAsk; tools: StepTools; reply: { text: string; toolCalls: ToolRequest[] }; signal: AbortSignal },
): Promise<CallAsk | null> {
  const { ask, tools, reply, signal } = given;
  tools.rounds += 1;
  const answers: ChatMessage[] = [];
  for (const request of reply.toolCalls) {
    const text = await answerCall(app, run, step, tools, request, signal);
    if (text === null) return null;
    answers.push({ role: 'tool', toolCallId: request.id, content: text });
  }
  return askOn(ask, tools, reply, answers);
}

/** What the model reads; null when the step was stopped. */
async function answerCall(
  app: ToolsApp,
  run: Run,
  step: StepRow,
  tools: StepTools,
  request: ToolRequest,
  signal: AbortSignal,
): Promise<string | null> {
  const key = { stepKey: toolKey(step), callNo: tools.calls, requestHash: hashCall(request) };
  tools.calls += 1;
  const earlier = run.journal.filter((row) => row.step_key === key.stepKey && row.call_no === key.callNo);
  const recorded = earlier.find(({ status }) => status === 'ok');
  if (recorded) return retell(app, run, step, tools, recorded);
  assertRunning(run);
  if (signal.aborted) return null;
  const judged = judgeToolCall(run, tools, request);
  const attempt = earlier.reduce((most, row) => Math.max(most, row.attempt), 0) + 1;
  const intent = journalIntent(run.turn.id, { ...key, attempt, model: request.name.slice(0, 100), kind: 'tool' });
  const guarded = hasReadFile(run);
  const shown = shownAs(intent.id, request, judged, guarded);
  const settle = (outcome: ToolOutcome) =>
    conclude(app, run, step, tools, { intent, shown, outcome, ms: 0, begun: false });
  if ('status' in judged) return settle(judged);
  if (judged.tool === 'mcp') {
    // Begun before, by a process that is gone: other people's servers don't know a call that comes twice.
    if (earlier.length > 0)
      return settle(unknownOutcome('The call was interrupted; whether it had an effect is not known.'));
    if (guarded || !(await isUnasked(app, run.turn.user_id, judged))) {
      const question = await askPerson(app, run, key);
      shown.id = intent.id = question.id;
      const decision = await hear(app, run, step, { shown, question, signal });
      if (decision === null) return null;
      if (decision !== 'approved') return settle(refused('denied', NO[decision].code, NO[decision].message));
    }
  }

  const most = mostOf(run, judged);
  if (run.turn.reserved_micro_credits - run.promised < most) {
    throw limitReached(
      run,
      'credits_exhausted',
      'The credits set aside for this turn don’t reach for another tool call.',
    );
  }
  run.promised += most;
  run.toolCalls += 1;
  if (judged.tool === 'search_web' && guarded) run.guardedSearches += 1;
  showToolCall(run, step, shown);
  const starting = [{ type: 'tool_started' as const, stepId: step.id, data: shown }];
  await record(app, run, starting, { journal: [intent], steps: [step] });
  const begunAt = performance.now();
  const trace = run.stepTraces.get(step.key)?.child(`execute_tool ${judged.tool}`, {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': judged.tool,
    'gen_ai.tool.call.id': intent.id,
  });
  try {
    const outcome = await useTool(app, judged, {
      userId: run.turn.user_id,
      conversationId: run.turn.conversation_id,
      citations: run.citations,
      guarded,
      characters: Math.min(TOOL_LIMITS.resultCharacters, TOOL_LIMITS.stepCharacters - tools.characters),
      signal,
    });
    const ms = Math.round(performance.now() - begunAt);
    if (outcome.error) trace?.fail(outcome.error.code);
    if (outcome.error?.code === 'aborted' || (outcome.status !== 'completed' && isOver(signal)))
      return await abandon(app, run, step, intent, shown);
    return await conclude(app, run, step, tools, { intent, shown, outcome, ms, begun: true });
  } finally {
    trace?.end();
    run.promised -= most;
  }
}

const NO = {
  denied: { code: 'person_denied', message: 'The person did not allow this call.' },
  expired: { code: 'approval_timeout', message: 'Nobody allowed this call in time.' },
} as const;

/** Shows the question and waits for the person's word; null when the step was stopped, or another process goes on. */
async function hear(
  app: ToolsApp,
  run: Run,
  step: StepRow,
  { shown, question, signal }: { shown: ToolCall; question: Question; signal: AbortSignal },
) {
  const waiting: ToolCall = {
    ...shown,
    status: 'waiting',
    approval: { expiresAt: question.expiresAt.toISOString() },
  };
  showToolCall(run, step, waiting);
  await record(app, run, [{ type: 'tool_started', stepId: step.id, data: waiting }], { steps: [step] });
  const decision = await waitForDecision(app, question.id, signal);
  if (decision === null && run.end?.reason !== 'handover' && run.end?.reason !== 'lost') {
    await withdrawQuestion(app, question.id);
    const error = { code: 'aborted', message: 'It was stopped before it was allowed.' };
    const done: ToolCall = { ...shown, status: 'failed', summary: error.message, error };
    showToolCall(run, step, done);
    await record(app, run, [{ type: 'tool_completed', stepId: step.id, data: done }], { steps: [step] });
  }
  return decision;
}

/** Asked anew: it may have changed while something was awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The call's end: outcome, charge, telemetry and event in one transaction. */
async function conclude(
  app: ToolsApp,
  run: Run,
  step: StepRow,
  tools: StepTools,
  call: { intent: JournalEntry; shown: ToolCall; outcome: ToolOutcome; ms: number; begun: boolean },
): Promise<string> {
  const { intent, outcome, ms } = call;
  const microCredits = priceOf(run, intent.model, outcome);
  const done: ToolCall = {
    ...call.shown,
    status: outcome.status,
    summary: outcome.summary,
    ...(outcome.error ? { error: outcome.error } : {}),
    ...(outcome.citations.length > 0 ? { citations: outcome.citations } : {}),
    chargedMicroCredits: microCredits.toString(),
  };
  showToolCall(run, step, done);
  step.charged_micro_credits += microCredits;
  tools.characters += outcome.text.length;
  const entry = journalOutcome(intent, 'ok', { text: outcome.text, toolCalls: [], tool: done });
  const caller = { user_id: run.turn.user_id, turn_id: run.turn.id, step_id: step.id, agent_id: step.agent_id };
  const started = { type: 'tool_started' as const, stepId: step.id, data: call.shown };
  const completed = { type: 'tool_completed' as const, stepId: step.id, data: done };
  const toolCall: ToolCallRow = {
    id: intent.id,
    ...caller,
    // This row outlives the conversation: a name that a model made up is content.
    tool: isTool(intent.model) ? intent.model : call.shown.origin ? 'mcp' : 'unknown',
    status: outcome.status,
    units: outcome.units,
    credits_burned: microCredits,
    pricing_version: run.turn.pricing_version_id,
    latency_ms: ms,
  };
  const fileAccess = outcome.access.map(({ fileId, ...access }): FileAccessRow => {
    return { id: newId(), ...caller, file_id: fileId, ...access };
  });
  await record(app, run, call.begun ? [completed] : [started, completed], {
    journal: [entry],
    steps: [step],
    toolCalls: [toolCall],
    fileAccess,
  });
  return outcome.text;
}

/** A call that the journal holds: readers are told again, since the step's start has made them forget. */
async function retell(app: ToolsApp, run: Run, step: StepRow, tools: StepTools, row: JournalRow): Promise<string> {
  const { response } = row;
  if (!response?.tool) throw new Error('A recorded tool call has no outcome.');
  const { tool: done, text } = response;
  if (done.tool === 'search_web' && hasReadFile(run)) run.guardedSearches += 1;
  showToolCall(run, step, done);
  tools.characters += text.length;
  const { id, tool, arguments: asked, origin } = done;
  const shown: ToolCall = { id, tool, arguments: asked, ...(origin ? { origin } : {}), status: 'running', summary: '' };
  await record(app, run, [
    { type: 'tool_started', stepId: step.id, data: shown },
    { type: 'tool_completed', stepId: step.id, data: done },
  ]);
  return text;
}

/**
 * A call that was broken off. Where another process goes on, it finds the intent and makes the call again; of a tool server's
 * tool it says that the outcome is not known.
 */
async function abandon(app: ToolsApp, run: Run, step: StepRow, intent: JournalEntry, shown: ToolCall): Promise<null> {
  if (run.end?.reason === 'handover' || run.end?.reason === 'lost') return null;
  const message = shown.origin ? 'It was stopped; whether it had an effect is not known.' : 'It was stopped.';
  const error = { code: 'aborted', message };
  const done: ToolCall = { ...shown, status: 'failed', summary: error.message, error };
  showToolCall(run, step, done);
  await record(app, run, [{ type: 'tool_completed', stepId: step.id, data: done }], {
    journal: [journalOutcome(intent, 'cancelled', null)],
    steps: [step],
  });
  return null;
}

function hashCall({ name, arguments: asked }: ToolRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([name, asked]))
    .digest('hex');
}
