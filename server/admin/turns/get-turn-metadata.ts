import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { TurnMetadata } from '#server/admin/contract.ts';
import { notFound } from '#server/platform/errors.ts';

type Row = Omit<TurnMetadata, 'createdAt' | 'startedAt' | 'finishedAt'> & {
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/**
 * What happened in a turn: its steps, calls and tools with their states, counts, times and costs. Nothing that anybody wrote
 * is read: no message, no instruction, no answer, not even an agent's name. Throws `not_found`.
 */
export async function getTurnMetadata({ db }: Pick<App, 'db'>, turnId: string): Promise<TurnMetadata> {
  if (!z.guid().safeParse(turnId).success) throw notFound();
  const { rows } = await db.query<Row>(
    `SELECT t.id, t.user_id AS "userId", u.email, t.mode, t.status, t.attempt, t.failed_steps AS "failedSteps",
       t.charged_micro_credits::text AS "chargedMicroCredits", t.reserved_micro_credits::text AS "reservedMicroCredits",
       t.pricing_version_id AS "pricingVersion", t.error->>'code' AS "errorCode",
       (extract(epoch FROM t.finished_at - t.started_at) * 1000)::int AS "durationMs",
       t.created_at AS "createdAt", t.started_at AS "startedAt", t.finished_at AS "finishedAt",
       (SELECT coalesce(json_agg(s ORDER BY s.index), '[]') FROM (
         SELECT id, index, kind, model_alias AS "modelAlias", served_model AS "servedModel", status,
           error->>'code' AS "errorCode", total_tokens AS "totalTokens", latency_ms AS "latencyMs",
           charged_micro_credits::text AS "chargedMicroCredits"
         FROM turn_steps WHERE turn_id = t.id) s) AS steps,
       (SELECT coalesce(json_agg(c), '[]') FROM (
         SELECT id, purpose, provider, model, model_alias AS "modelAlias", status, error_code AS "errorCode",
           prompt_tokens AS "promptTokens", cached_tokens AS "cachedTokens", completion_tokens AS "completionTokens",
           provider_cost_usd::text AS "providerCostUsd", credits_burned::text AS "burnedMicroCredits",
           latency_ms AS "latencyMs", first_token_ms AS "firstTokenMs", request_id AS "requestId"
         FROM llm_call_events WHERE turn_id = t.id ORDER BY created_at, id) c) AS calls,
       (SELECT coalesce(json_agg(x), '[]') FROM (
         SELECT id, tool, status, units, credits_burned::text AS "burnedMicroCredits", latency_ms AS "latencyMs"
         FROM tool_call_events WHERE turn_id = t.id ORDER BY created_at, id) x) AS tools
     FROM turns t LEFT JOIN users u ON u.id = t.user_id WHERE t.id = $1`,
    [turnId],
  );
  const row = rows[0];
  if (!row) throw notFound();
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
