import type { Prompts } from '#graphs/prompts/registry.ts';
import type { App } from '#server/app.ts';
import { estimateTokens } from '#server/context/budget.ts';
import { notFound } from '#server/platform/errors.ts';
import { hashRequest, outputLimit } from '#server/turns/call-model.ts';
import { readTurn, type TurnParts } from '#server/turns/read-turn.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { JournalRow } from '#server/turns/run.ts';
import { getReceipt } from '#server/usage/get-receipt.ts';
import type { Part, Xray, XrayMessage, XrayRequest } from '#server/xray/contract.ts';
import { explainRoute } from '#server/xray/explain-route.ts';
import { findCalls } from '#server/xray/find-calls.ts';
import { findChanges, type ChangedSince } from '#server/xray/find-changes.ts';
import { listLeftOut } from '#server/xray/list-left-out.ts';
import { replayTurn, type ReplayedStep } from '#server/xray/replay-turn.ts';

/**
 * What a step's agent was sent, why it was chosen, what it was not told, and what its calls took and cost. Reads only.
 * The turn must be the caller's. Throws not_found for a step that is not the turn's.
 */
export async function getXray(
  app: Pick<App, 'db' | 'prompts'>,
  { turnId, stepId }: { turnId: string; stepId: string },
): Promise<Xray> {
  const asked = await originOf(app, turnId, stepId);
  const turn = await readTurn(app.db, asked.turnId);
  const step = turn?.steps.find(({ id }) => id === asked.stepId);
  if (!turn || !step) throw notFound();
  const { prompts } = app;
  const [{ rows: journal }, calls, receipt, changes, toolMs] = await Promise.all([
    app.db.query<JournalRow>('SELECT * FROM call_journal WHERE turn_id = $1 ORDER BY call_no, attempt', [turn.row.id]),
    findCalls(app.db, { turnId: turn.row.id, step, snapshot: turn.row.snapshot }),
    getReceipt(app, turn.row.id),
    findChanges(app.db, turn.row),
    toolTime(app, step),
  ]);
  const replayed = (await replayTurn(app.db, { ...turn, journal }, prompts)).get(step.key);
  const { row } = turn;
  const mine = ({ stepId: of }: { stepId: string | null }) => of === step.id;
  const memory = replayed?.memory;
  return {
    turnId,
    stepId,
    agentName: step.agent_name,
    agentId: step.agent_id,
    kind: step.kind,
    mode: row.mode,
    status: step.status,
    message: turn.message,
    reusedFrom: asked.stepId === stepId ? null : asked,
    route: explainRoute(turn, step),
    prompt: { name: step.kind, version: step.prompt_version, currentVersion: prompts[step.kind].version },
    memory: {
      policy: memory?.policy ?? 'summary',
      budgetTokens: memory?.budget ?? 0,
      summary: memory?.summary ?? null,
      summaryMadeInThisTurn: memory?.summaryMadeInThisTurn ?? false,
      messages: memory?.kept.length ?? 0,
      tokens: memory?.kept.reduce((sum, { content }) => sum + estimateTokens(content), 0) ?? 0,
    },
    requests: requestsOf(turn, step, journal, replayed, { prompts, changes }),
    leftOut: replayed ? listLeftOut(turn, step, replayed, changes) : [],
    calls,
    toolCalls: changes.deletedSteps.has(step.id) ? [] : step.tool_calls,
    timings: timingsOf(turn, step, calls, toolMs),
    receipt: {
      calls: receipt.calls.filter(mine),
      tools: receipt.tools.filter(mine),
      chargedMicroCredits: step.charged_micro_credits.toString(),
    },
  };
}

/** The step that was really asked: one that was taken over from an earlier turn leads back to that, while it is there. */
async function originOf(app: Pick<App, 'db'>, turnId: string, stepId: string) {
  const { rows } = await app.db.query<{ turnId: string; stepId: string }>(
    `WITH RECURSIVE origin AS (
       SELECT id, turn_id, reused_from_step_id, 0 AS back FROM turn_steps WHERE id::text = $2 AND turn_id = $1
       UNION ALL
       SELECT s.id, s.turn_id, s.reused_from_step_id, o.back + 1 FROM origin o JOIN turn_steps s ON s.id = o.reused_from_step_id)
     SELECT turn_id AS "turnId", id AS "stepId" FROM origin ORDER BY back DESC LIMIT 1`,
    [turnId, stepId],
  );
  if (!rows[0]) throw notFound();
  return rows[0];
}

/** One for each call that was begun, but for one that was lost before what it asks was written down. */
function requestsOf(
  { row }: TurnParts,
  step: StepRow,
  journal: JournalRow[],
  replayed: ReplayedStep | undefined,
  since: { prompts: Prompts; changes: ChangedSince },
): XrayRequest[] {
  const begun = new Map(
    journal
      .filter(({ step_key, kind }) => step_key === step.key && kind === 'model')
      .flatMap(({ call_no, request_hash }) => (request_hash === null ? [] : [[call_no, request_hash] as const])),
  );
  const hidden = since.changes.deletedSteps.has(step.id);
  return [...begun].map(([call_no, request_hash]): XrayRequest => {
    const found = hidden && call_no > 0 ? undefined : replayed?.asks[call_no];
    if (!replayed || !found) {
      return { ...UNKNOWN, callNo: call_no, recordedHash: request_hash, why: GONE };
    }
    const { ask } = found;
    const hash = hashRequest(ask);
    const messages = ask.messages.map((_, place) => presentMessage(replayed, found, place));
    return {
      callNo: call_no,
      exact: hash === request_hash,
      ...(hash === request_hash ? {} : { why: differenceOf(step, since) }),
      recordedHash: request_hash,
      hash,
      messages,
      tokens: messages.reduce((sum, { tokens }) => sum + tokens, 0),
      tools: ask.tools ?? [],
      structured: ask.structured ?? null,
      maxOutputTokens: limitOf(row, step, ask),
    };
  });
}

const UNKNOWN = {
  exact: false,
  hash: null,
  messages: [],
  tokens: 0,
  tools: [],
  structured: null,
  maxOutputTokens: 0,
};
const GONE = 'What came back before this call was erased since, so this request can’t be put together any more.';

function limitOf(row: TurnParts['row'], step: StepRow, ask: Parameters<typeof outputLimit>[1]): number {
  const model = row.snapshot.models[step.model_alias];
  return model ? outputLimit({ turn: row }, ask, model) : row.snapshot.caps.outputTokens;
}

function differenceOf(step: StepRow, { prompts, changes }: { prompts: Prompts; changes: ChangedSince }): string {
  const reasons = [
    step.prompt_version !== prompts[step.kind].version && 'the platform’s prompt has another version now',
    changes.deleted > 0 && 'a message that it may have read was deleted since',
    changes.summaryGone && 'a summary that it may have read is gone',
  ].filter((reason) => reason !== false);
  if (reasons.length === 0) reasons.push('something that it was made of has changed since');
  return `Put together anew, and not the same as what was sent: ${reasons.join('; ')}.`;
}

function presentMessage(
  { memory }: ReplayedStep,
  { ask, scripted }: ReplayedStep['asks'][number],
  place: number,
): XrayMessage {
  const message = ask.messages[place];
  if (!message) throw new Error('There is no such message.');
  const said = memory.kept[place - 1];
  const part = partOf(message.role, place, { kept: memory.kept.length, scripted, content: message.content });
  return {
    role: message.role,
    content: message.content,
    ...(message.role === 'assistant' && message.toolCalls ? { toolCalls: message.toolCalls } : {}),
    ...(message.role === 'tool' ? { toolCallId: message.toolCallId } : {}),
    part,
    ...(part === 'memory' && said
      ? { turnId: said.turnId, author: said.agentName ?? (said.role === 'user' ? 'You' : 'Manager') }
      : {}),
    tokens: estimateTokens(message.content),
  };
}

/** Where a message stands says what it is: see docs/context.md, “A prompt, in order”. */
function partOf(
  role: XrayMessage['role'],
  place: number,
  { kept, scripted, content }: { kept: number; scripted: number; content: string },
): Part {
  if (place >= scripted) return role === 'assistant' ? 'reply' : role === 'tool' ? 'tool_result' : 'correction';
  if (place === 0) return 'system';
  if (place <= kept) return 'memory';
  if (place === scripted - 1) return 'message';
  return content.startsWith('Files attached to the message that follows:') ? 'attachments' : 'turn';
}

async function toolTime({ db }: Pick<App, 'db'>, { id, turn_id }: StepRow): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(
    'SELECT coalesce(sum(latency_ms), 0)::int AS ms FROM tool_call_events WHERE turn_id = $1 AND step_id = $2',
    [turn_id, id],
  );
  return rows[0]?.ms ?? 0;
}

function timingsOf({ row }: TurnParts, step: StepRow, calls: Xray['calls'], toolMs: number): Xray['timings'] {
  const first = calls.find(({ firstTokenMs }) => firstTokenMs !== null);
  const sum = (numbers: (number | null)[]) => numbers.reduce<number>((total, ms) => total + (ms ?? 0), 0);
  return {
    queuedMs: between(row.created_at, row.started_at),
    waitedMs: between(row.started_at, step.started_at),
    firstTokenMs:
      first && step.started_at
        ? Math.max(0, Date.parse(first.startedAt) - step.started_at.getTime()) + (first.firstTokenMs ?? 0)
        : null,
    totalMs: between(step.started_at, step.finished_at),
    modelMs: sum(calls.map(({ latencyMs }) => latencyMs)),
    toolMs,
  };
}

function between(from: Date | null, to: Date | null): number | null {
  return from && to ? Math.max(0, to.getTime() - from.getTime()) : null;
}
