import type { CallStatus, MeteredCall } from '#server/usage/meter-call.ts';
import { newId } from '#server/platform/ids.ts';
import { storable, withoutBigints } from '#server/turns/append-events.ts';
import type { JournaledReply, JournalRow, Run } from '#server/turns/run.ts';
import type { StepRow, TurnRow } from '#server/turns/rows.ts';

/** One row of llm_call_events, with the seventeen fields of FR-BILL-002. */
export type UsageRow = {
  id: string;
  user_id: string;
  room_id: string | null;
  direct_session_id: string | null;
  turn_id: string;
  step_id: string | null;
  agent_id: string | null;
  purpose: 'manager' | 'agent' | 'synthesis' | 'summary';
  provider: string;
  model: string;
  model_alias: string;
  prompt_tokens: number;
  completion_tokens: number;
  cached_tokens: number;
  total_tokens: number;
  provider_cost_usd: string;
  credits_burned: bigint;
  latency_ms: number;
  first_token_ms: number | null;
  status: CallStatus;
  pricing_version: number;
  multiplier: string;
  request_id: string;
  error_code: string | null;
};

export type MessageRow = {
  id: string;
  turn_id: string;
  step_id: string | null;
  index: number;
  role: 'user' | 'agent' | 'synthesis';
  agent_id: string | null;
  agent_name: string | null;
  content: string;
  created_at: Date;
};

/** One row of tool_call_events (FR-TOOL-007); its id is the journal's: one call has one row, and is charged once. */
export type ToolCallRow = {
  id: string;
  user_id: string;
  turn_id: string;
  step_id: string;
  agent_id: string | null;
  tool: string;
  status: 'completed' | 'failed' | 'denied';
  units: number;
  credits_burned: bigint;
  pricing_version: number;
  latency_ms: number;
};

/** One row of file_access_events: what a tool's call read. */
export type FileAccessRow = {
  id: string;
  user_id: string;
  file_id: string;
  turn_id: string;
  step_id: string;
  agent_id: string | null;
  action: string;
  pages: number[] | null;
  allowed: boolean;
};

/** A rolling summary; it is not kept when a message of the turns that it `covers` was deleted since `readAt`. */
export type SummaryRow = {
  id: string;
  conversation_id: string;
  through_turn_id: string;
  content: string;
  tokens: number;
  model_alias: string;
  covers: string[];
  readAt: Date;
};

/** The turn's end: its state, and with it the rest of its hold and its lease. */
export type TurnEnd = Pick<TurnRow, 'status' | 'error' | 'warnings' | 'finished_at' | 'failed_steps'>;

/** What is recorded beside events; see the function record_turn in prisma/migrations/0045_start_with_the_message. */
export type Changes = {
  steps?: StepRow[];
  journal?: JournalEntry[];
  usage?: UsageRow[];
  messages?: MessageRow[];
  toolCalls?: ToolCallRow[];
  fileAccess?: FileAccessRow[];
  summary?: SummaryRow | null;
  end?: TurnEnd;
  /** LangGraph's, as the checkpointer gives it. */
  checkpoint?: string | null;
};
export type JournalEntry = JournalRow & { turn_id: string };

/** Several records' changes as one record's; of what two of them have, the later counts. */
export function joinChanges(parts: Changes[]): Changes {
  const [only, ...more] = parts;
  if (only && more.length === 0) return only;
  const end = parts.findLast((part) => part.end)?.end;
  return {
    steps: newestOf(parts.flatMap(({ steps = [] }) => steps)),
    journal: newestOf(parts.flatMap(({ journal = [] }) => journal)),
    usage: parts.flatMap(({ usage = [] }) => usage),
    messages: parts.flatMap(({ messages = [] }) => messages),
    toolCalls: parts.flatMap(({ toolCalls = [] }) => toolCalls),
    fileAccess: parts.flatMap(({ fileAccess = [] }) => fileAccess),
    summary: parts.findLast((part) => part.summary)?.summary ?? null,
    ...(end ? { end } : {}),
    checkpoint: parts.findLast((part) => part.checkpoint)?.checkpoint ?? null,
  };
}

function newestOf<Row extends { id: string }>(rows: Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** What recording them takes from the turn's hold. */
export function creditsOf({ usage = [], toolCalls = [] }: Changes): bigint {
  return [...usage, ...toolCalls].reduce((sum, row) => sum + row.credits_burned, 0n);
}

/** As the function record_turn takes them, from `p_steps` on: null where there is nothing to record. */
export function changesAsArguments({
  steps = [],
  journal = [],
  usage = [],
  messages = [],
  toolCalls = [],
  fileAccess = [],
  summary,
  end,
  checkpoint = null,
}: Changes): (string | number | null)[] {
  return [
    asJson(steps.map(withoutBigints)),
    steps.filter(({ status }) => status === 'failed').length,
    asJson(journal),
    asJson(messages),
    asJson(usage.map(withoutBigints)),
    asJson(toolCalls.map(withoutBigints)),
    asJson(fileAccess),
    summary ? storable(summary) : null,
    end ? storable(endOf(end)) : null,
    checkpoint,
  ];
}

function asJson(rows: object[]): string | null {
  return rows.length > 0 ? storable(rows) : null;
}

/** A whole turn may be given, and its snapshot is long. */
function endOf({ status, error, warnings, finished_at, failed_steps }: TurnEnd): TurnEnd {
  return { status, error, warnings, finished_at, failed_steps };
}

/** A call that is about to be made: committed before it is, so that a crash leaves a trace of it. */
export function journalIntent(
  turnId: string,
  call: { stepKey: string; callNo: number; attempt: number; requestHash: string | null; model: string; kind?: 'tool' },
): JournalEntry {
  return {
    id: newId(),
    turn_id: turnId,
    step_key: call.stepKey,
    call_no: call.callNo,
    attempt: call.attempt,
    kind: call.kind ?? 'model',
    request_hash: call.requestHash,
    model: call.model,
    status: 'intent',
    response: null,
  };
}

/** The call of a step that went down with the message, which is about to be made and is nobody's to begin any more. */
export function takeBegunCall(run: Run, stepKey: string): JournalEntry | null {
  const intent = run.begun.intents.get(stepKey);
  if (!intent) return null;
  run.begun.intents.delete(stepKey);
  return { ...intent, turn_id: run.turn.id };
}

/** Calls that went down with the message and were never made: their step was skipped, or the turn is over before them. */
export function unmadeCalls(run: Run): JournalEntry[] {
  return [...run.begun.intents.values()].map((intent) =>
    journalOutcome({ ...intent, turn_id: run.turn.id }, 'cancelled', null),
  );
}

export function journalOutcome(
  intent: JournalEntry,
  status: JournalRow['status'],
  response: JournaledReply | null,
): JournalEntry {
  return { ...intent, status, response };
}

/** The usage row of a metered call; its id is the journal's, so that one call can never have two. */
export function usageRow(
  run: Run,
  intent: { id: string },
  call: {
    metered: MeteredCall;
    purpose: UsageRow['purpose'];
    stepId: string | null;
    agentId: string | null;
    provider: string;
    model: string;
    modelAlias: string;
    multiplier: string;
    requestId: string | null;
    latencyMs: number;
    firstTokenMs: number | null;
    errorCode: string | null;
  },
): UsageRow {
  const { metered } = call;
  return {
    id: intent.id,
    user_id: run.turn.user_id,
    room_id: run.turn.room_id,
    direct_session_id: run.turn.direct_session_id,
    turn_id: run.turn.id,
    step_id: call.stepId,
    agent_id: call.agentId,
    purpose: call.purpose,
    provider: call.provider,
    model: call.model,
    model_alias: call.modelAlias,
    prompt_tokens: metered.promptTokens,
    completion_tokens: metered.completionTokens,
    cached_tokens: metered.cachedTokens,
    total_tokens: metered.totalTokens,
    provider_cost_usd: metered.providerCostUsd,
    credits_burned: metered.creditsBurned,
    latency_ms: Math.round(call.latencyMs),
    first_token_ms: call.firstTokenMs === null ? null : Math.round(call.firstTokenMs),
    status: metered.status,
    pricing_version: run.turn.pricing_version_id,
    multiplier: call.multiplier,
    request_id: call.requestId ?? intent.id,
    error_code: call.errorCode,
  };
}
