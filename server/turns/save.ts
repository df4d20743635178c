import type { Tx } from '#server/platform/db.ts';
import type { CallStatus, MeteredCall } from '#server/usage/meter-call.ts';
import { newId } from '#server/platform/ids.ts';
import { storable } from '#server/turns/append-events.ts';
import type { JournaledReply, JournalRow, Run } from '#server/turns/run.ts';
import { MESSAGE_COLUMNS, STEP_COLUMNS, type StepRow, type TurnRow } from '#server/turns/rows.ts';

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

/** What one fenced transaction writes beside its events. */
export type Changes = { steps?: StepRow[]; journal?: JournalEntry[]; usage?: UsageRow[]; messages?: MessageRow[] };
export type JournalEntry = JournalRow & { turn_id: string };

/** All of it in one statement; `turn` learns what is left of its hold. Steps and journal rows are upserted by their keys, so that doing it twice is harmless. */
export async function save(tx: Tx, turn: TurnRow, changes: Changes): Promise<void> {
  const usage = changes.usage ?? [];
  const charged = usage.reduce((sum, row) => sum + row.credits_burned, 0n);
  const failed = (changes.steps ?? []).filter((step) => step.status === 'failed').length;
  const { rows } = await tx.query<{ reserved_micro_credits: bigint }>({
    name: 'turns-save',
    text: SAVE,
    values: [
      storable(changes.steps ?? []),
      storable(changes.journal ?? []),
      storable(usage),
      storable(changes.messages ?? []),
      turn.id,
      charged.toString(),
      failed,
    ],
  });
  if (rows[0]) turn.reserved_micro_credits = rows[0].reserved_micro_credits;
}

const SAVE = `
WITH steps AS (
  INSERT INTO turn_steps (${STEP_COLUMNS})
  SELECT ${STEP_COLUMNS} FROM json_populate_recordset(null::turn_steps, $1::json)
  ON CONFLICT (turn_id, key) DO UPDATE SET
    status = excluded.status, requested_model = excluded.requested_model, served_model = excluded.served_model,
    model_alias = excluded.model_alias, instruction = excluded.instruction, content = excluded.content,
    data = excluded.data, error = excluded.error, tool_calls = excluded.tool_calls,
    citations = excluded.citations,
    prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
    cached_tokens = excluded.cached_tokens, total_tokens = excluded.total_tokens,
    charged_micro_credits = excluded.charged_micro_credits, latency_ms = excluded.latency_ms,
    started_at = excluded.started_at, finished_at = excluded.finished_at
), journal AS (
  INSERT INTO call_journal (id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status, response, finished_at)
  SELECT id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status, response,
    CASE WHEN status <> 'intent' THEN now() END
  FROM json_populate_recordset(null::call_journal, $2::json)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, response = excluded.response, finished_at = excluded.finished_at
), usage AS (
  INSERT INTO llm_call_events (id, user_id, room_id, direct_session_id, turn_id, step_id, agent_id, purpose, provider,
    model, model_alias, prompt_tokens, completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned,
    latency_ms, first_token_ms, status, pricing_version, multiplier, request_id, error_code)
  SELECT id, user_id, room_id, direct_session_id, turn_id, step_id, agent_id, purpose, provider,
    model, model_alias, prompt_tokens, completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned,
    latency_ms, first_token_ms, status, pricing_version, multiplier, request_id, error_code
  FROM json_populate_recordset(null::llm_call_events, $3::json)
), messages AS (
  INSERT INTO messages (${MESSAGE_COLUMNS})
  SELECT ${MESSAGE_COLUMNS} FROM json_populate_recordset(null::messages, $4::json)
  ON CONFLICT (turn_id, index) DO NOTHING
), paid AS (
  SELECT min(charge_call(user_id, turn_id, id, credits_burned)) AS left_of_hold
  FROM json_populate_recordset(null::llm_call_events, $3::json) WHERE credits_burned > 0
)
UPDATE turns SET charged_micro_credits = charged_micro_credits + $6::bigint, failed_steps = failed_steps + $7,
  reserved_micro_credits = coalesce(paid.left_of_hold, reserved_micro_credits)
FROM paid WHERE id = $5 AND ($6::bigint <> 0 OR $7 <> 0)
RETURNING reserved_micro_credits`;

/** A call that is about to be made: committed before it is, so that a crash leaves a trace of it. */
export function journalIntent(
  run: Run,
  call: { stepKey: string; callNo: number; attempt: number; requestHash: string; model: string; kind?: 'tool' },
): JournalEntry {
  return {
    id: newId(),
    turn_id: run.turn.id,
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
