import type { Pool } from 'pg';
import type { StepRow } from '#server/turns/rows.ts';
import type { Snapshot } from '#server/turns/snapshot.ts';
import type { XrayCall } from '#server/xray/contract.ts';

type Row = {
  id: string;
  call_no: number;
  attempt: number;
  status: XrayCall['status'];
  requested: string;
  started_at: Date;
  finished_at: Date | null;
  served: string | null;
  model_alias: string | null;
  first_token_ms: number | null;
  latency_ms: number | null;
  prompt_tokens: number | null;
  cached_tokens: number | null;
  completion_tokens: number | null;
  credits_burned: bigint | null;
  request_id: string | null;
  error_code: string | null;
};

/** Every attempt at a step's calls, in order: the journal's row and, where the provider was reached, the usage row. */
export async function findCalls(
  db: Pool,
  { turnId, step, snapshot }: { turnId: string; step: StepRow; snapshot: Snapshot },
): Promise<XrayCall[]> {
  const { rows } = await db.query<Row>(
    `SELECT j.id, j.call_no, j.attempt, j.status, j.model AS requested, j.started_at, j.finished_at, e.model AS served,
       e.model_alias, e.first_token_ms, e.latency_ms, e.prompt_tokens, e.cached_tokens, e.completion_tokens,
       e.credits_burned, e.request_id, e.error_code
     FROM call_journal j LEFT JOIN llm_call_events e ON e.id = j.id
     WHERE j.turn_id = $1 AND j.step_key = $2 AND j.kind = 'model' ORDER BY j.call_no, j.attempt`,
    [turnId, step.key],
  );
  const own = snapshot.roster.find(({ id }) => id === step.agent_id)?.modelAlias ?? snapshot.managerAlias;
  return rows.map((row) => {
    const alias = row.model_alias ?? aliasOf(row.requested, snapshot);
    return {
      id: row.id,
      callNo: row.call_no,
      attempt: row.attempt,
      status: row.status,
      requestedModel: row.requested,
      servedModel: row.served,
      modelAlias: alias,
      fallback: alias !== null && alias !== own,
      startedAt: row.started_at.toISOString(),
      finishedAt: row.finished_at?.toISOString() ?? null,
      firstTokenMs: row.first_token_ms,
      latencyMs: row.latency_ms,
      promptTokens: row.prompt_tokens,
      cachedTokens: row.cached_tokens,
      completionTokens: row.completion_tokens,
      chargedMicroCredits: row.credits_burned?.toString() ?? null,
      requestId: row.request_id,
      errorCode: row.error_code,
    };
  });
}

function aliasOf(model: string, { models }: Snapshot): string | null {
  return Object.entries(models).find(([, known]) => known.model === model)?.[0] ?? null;
}
