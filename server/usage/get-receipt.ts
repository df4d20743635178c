import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';
import type { Receipt } from '#server/usage/contract.ts';

/** (FR-BILL-003); see price-call.ts. */
const FORMULA =
  'micro-credits = ⌈(35 × fresh + 10 × cached + 100 × output) × max(0.5, multiplier)⌉, fresh = prompt − cached';

type TurnRow = { status: string; charged: bigint; reserved: bigint; version: number; version_name: string | null };
type CallRow = {
  id: string;
  step_id: string | null;
  agent_name: string | null;
  purpose: string;
  status: string;
  provider: string;
  model: string;
  model_alias: string;
  prompt_tokens: number;
  cached_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  multiplier: string;
  credits_burned: bigint;
  latency_ms: number;
  request_id: string;
  error_code: string | null;
  created_at: Date;
};
type ToolRow = {
  id: string;
  step_id: string | null;
  tool: string;
  status: string;
  units: number;
  credits_burned: bigint;
  created_at: Date;
};

/** What a turn cost and why: every call's row with its formula, every tool's, and their sum. The turn must be the caller's. */
export async function getReceipt({ db }: Pick<App, 'db'>, turnId: string): Promise<Receipt> {
  const turns = await db.query<TurnRow>(
    `SELECT t.status, t.charged_micro_credits AS charged, t.reserved_micro_credits AS reserved,
       t.pricing_version_id AS version, v.name AS version_name
     FROM turns t LEFT JOIN pricing_versions v ON v.id = t.pricing_version_id WHERE t.id = $1`,
    [turnId],
  );
  const turn = turns.rows[0];
  if (!turn) throw notFound();
  const calls = await db.query<CallRow>(
    `SELECT c.id, c.step_id, s.agent_name, c.purpose, c.status, c.provider, c.model, c.model_alias, c.prompt_tokens,
       c.cached_tokens, c.completion_tokens, c.total_tokens, greatest(c.multiplier, 0.5)::text AS multiplier,
       c.credits_burned, c.latency_ms, c.request_id, c.error_code, c.created_at
     FROM llm_call_events c LEFT JOIN turn_steps s ON s.id = c.step_id
     WHERE c.turn_id = $1 ORDER BY c.created_at, c.id`,
    [turnId],
  );
  const tools = await db.query<ToolRow>(
    `SELECT id, step_id, tool, status, units, credits_burned, created_at
     FROM tool_call_events WHERE turn_id = $1 ORDER BY created_at, id`,
    [turnId],
  );
  const sum = [...calls.rows, ...tools.rows].reduce((total, row) => total + row.credits_burned, 0n);
  return {
    turnId,
    status: turn.status,
    pricingVersion: { id: turn.version, name: turn.version_name ?? '' },
    formula: FORMULA,
    calls: calls.rows.map(presentCall),
    tools: tools.rows.map(presentTool),
    sumMicroCredits: String(sum),
    chargedMicroCredits: String(turn.charged),
    reservedMicroCredits: String(turn.reserved),
  };
}

function presentCall(row: CallRow): Receipt['calls'][number] {
  const fresh = row.prompt_tokens - row.cached_tokens;
  const multiplier = row.multiplier.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  const terms = `(35 × ${fresh} + 10 × ${row.cached_tokens} + 100 × ${row.completion_tokens}) × ${multiplier}`;
  return {
    id: row.id,
    stepId: row.step_id,
    agentName: row.agent_name ?? (row.purpose === 'summary' ? 'Summary' : 'Manager'),
    purpose: row.purpose,
    status: row.status,
    provider: row.provider,
    model: row.model,
    modelAlias: row.model_alias,
    promptTokens: row.prompt_tokens,
    freshTokens: fresh,
    cachedTokens: row.cached_tokens,
    completionTokens: row.completion_tokens,
    totalTokens: row.total_tokens,
    multiplier,
    formula: row.status === 'lost' ? 'lost in a crash: not charged' : `⌈${terms}⌉ = ${row.credits_burned}`,
    chargedMicroCredits: String(row.credits_burned),
    latencyMs: row.latency_ms,
    requestId: row.request_id,
    errorCode: row.error_code,
    createdAt: row.created_at.toISOString(),
  };
}

function presentTool(row: ToolRow): Receipt['tools'][number] {
  return {
    id: row.id,
    stepId: row.step_id,
    tool: row.tool,
    status: row.status,
    units: row.units,
    chargedMicroCredits: String(row.credits_burned),
    createdAt: row.created_at.toISOString(),
  };
}
