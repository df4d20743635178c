import type { ModelAlias } from '#server/agents/contract.ts';
import type {
  Citation,
  Plan,
  Problem,
  StepKind,
  StepStatus,
  ToolCall,
  TurnMode,
  TurnStatus,
} from '#server/turns/contract.ts';
import type { Snapshot } from '#server/turns/snapshot.ts';

/** Rows as `app.db` reads them: snake case, int8 as bigint, JSON parsed. */
export type TurnRow = {
  id: string;
  conversation_id: string;
  room_id: string | null;
  direct_session_id: string | null;
  branch_id: string;
  parent_turn_id: string | null;
  depth: number;
  /** The turn that this one tries differently; it is on no branch then. */
  what_if_of: string | null;
  user_id: string;
  status: TurnStatus;
  mode: TurnMode;
  queue_position: bigint;
  request_hash: string | null;
  lease_token: string | null;
  attempt: number;
  last_seq: number;
  stop_requested_at: Date | null;
  failed_steps: number;
  reserved_micro_credits: bigint;
  charged_micro_credits: bigint;
  pricing_version_id: number;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  snapshot: Snapshot;
  warnings: Problem[];
  error: Problem | null;
};

export type StepRow = {
  id: string;
  turn_id: string;
  key: string;
  index: number;
  kind: StepKind;
  agent_id: string | null;
  agent_name: string;
  model_alias: ModelAlias;
  requested_model: string | null;
  served_model: string | null;
  status: StepStatus;
  instruction: string | null;
  content: string;
  data: Plan | null;
  error: Problem | null;
  tool_calls: ToolCall[];
  citations: Citation[];
  prompt_tokens: number;
  completion_tokens: number;
  cached_tokens: number;
  total_tokens: number;
  charged_micro_credits: bigint;
  latency_ms: number;
  skip_requested_at: Date | null;
  reused_from_step_id: string | null;
  prompt_version: string | null;
  started_at: Date | null;
  finished_at: Date | null;
};

/**
 * The columns that are written, by name: a database that a newer version has migrated already fills in its own new ones.
 */
export const STEP_COLUMNS = `id, turn_id, key, index, kind, agent_id, agent_name, model_alias, requested_model, served_model,
  status, instruction, content, data, error, tool_calls, citations, prompt_tokens, completion_tokens, cached_tokens, total_tokens,
  charged_micro_credits, latency_ms, skip_requested_at, reused_from_step_id, prompt_version, started_at, finished_at`;
export const MESSAGE_COLUMNS = 'id, turn_id, step_id, index, role, agent_id, agent_name, content, created_at';

/** A step that nobody has worked on yet. */
export function pendingStep(
  given: Pick<StepRow, 'id' | 'turn_id' | 'key' | 'index' | 'kind' | 'agent_id' | 'agent_name' | 'model_alias'> &
    Partial<StepRow>,
): StepRow {
  return {
    requested_model: null,
    served_model: null,
    status: 'pending',
    instruction: null,
    content: '',
    data: null,
    error: null,
    tool_calls: [],
    citations: [],
    prompt_tokens: 0,
    completion_tokens: 0,
    cached_tokens: 0,
    total_tokens: 0,
    charged_micro_credits: 0n,
    latency_ms: 0,
    skip_requested_at: null,
    reused_from_step_id: null,
    prompt_version: null,
    started_at: null,
    finished_at: null,
    ...given,
  };
}

/** Rows given to Postgres as JSON, to be read by json_populate_recordset: its numbers may be text. */
export function rowsAsJson(rows: object[]): string {
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
