import type { App } from '#server/app.ts';

/** Beyond this share of the reported cost a day's cost is flagged. */
const TOLERANCE = 0.01;
/** Calls of a day and model that the provider is asked about one by one. */
const ASKED_AT_MOST = 50;

export type CostCheck = {
  provider: string;
  modelAlias: string;
  model: string;
  calls: number;
  askedCalls: number;
  pricedUsd: number;
  reportedUsd: number;
  drift: number;
  flagged: boolean;
};

type Row = {
  id: string;
  provider: string;
  model_alias: string;
  model: string;
  request_id: string;
  priced: string;
  recorded: string;
  place: number;
};

/**
 * Compares a day's calls at the prices of their pricing versions with what the provider reports: what it said with each
 * call, and, for a sample, what its own account of the generation says now. Kept per model; a drift above 1 % is flagged
 * and logged. Money here is for reports, not for charging. `day` is a date in UTC.
 */
export async function reconcileCosts(
  { db, llm, log, metrics }: Pick<App, 'db' | 'llm' | 'log' | 'metrics'>,
  { day, signal }: { day: string; signal?: AbortSignal },
): Promise<CostCheck[]> {
  const { rows } = await db.query<Row>(CALLS, [day]);
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.provider, row.model_alias, row.model]));
  const checks: CostCheck[] = [];
  for (const calls of groups.values()) {
    const check = await checkModel({ llm }, calls, signal);
    checks.push(check);
    await db.query(KEEP, [
      day,
      check.provider,
      check.modelAlias,
      check.model,
      check.calls,
      check.askedCalls,
      check.pricedUsd.toFixed(9),
      check.reportedUsd.toFixed(9),
      check.drift,
      check.flagged,
    ]);
    metrics.costDrift.set({ alias: check.modelAlias }, check.drift);
    if (check.flagged) log.error('the provider’s prices are not ours', { ...check, day });
  }
  return checks;
}

async function checkModel({ llm }: Pick<App, 'llm'>, calls: Row[], signal?: AbortSignal): Promise<CostCheck> {
  const { provider, model_alias: modelAlias, model } = calls[0] as Row;
  let askedCalls = 0;
  let reportedUsd = 0;
  for (const call of calls) {
    const ask = call.place <= ASKED_AT_MOST && llm.provider === provider && call.request_id !== call.id;
    const account = ask && !signal?.aborted ? await llm.findGeneration(call.request_id) : null;
    const told = account?.source === 'provider' ? account.costUsd : null;
    if (told !== null) askedCalls += 1;
    reportedUsd += told ?? Number(call.recorded);
  }
  const pricedUsd = calls.reduce((sum, { priced }) => sum + Number(priced), 0);
  const drift = reportedUsd === 0 ? Number(pricedUsd > 0) : Math.abs(pricedUsd - reportedUsd) / reportedUsd;
  const flagged = drift > TOLERANCE;
  return { provider, modelAlias, model, calls: calls.length, askedCalls, pricedUsd, reportedUsd, drift, flagged };
}

/** Only what was served and has a price; `place` draws the sample at random but the same each time. */
const CALLS = `
SELECT c.id, c.provider, c.model_alias, c.model, c.request_id, c.provider_cost_usd::text AS recorded,
  (((c.prompt_tokens - c.cached_tokens) * p.input_usd_per_m + c.cached_tokens * p.cached_usd_per_m
    + c.completion_tokens * p.output_usd_per_m) / 1000000)::text AS priced,
  (row_number() OVER (PARTITION BY c.provider, c.model_alias, c.model ORDER BY md5(c.id::text)))::int AS place
FROM llm_call_events c
JOIN model_pricing p ON p.pricing_version_id = c.pricing_version AND p.alias = c.model_alias
WHERE c.created_at >= $1::date AND c.created_at < $1::date + 1 AND c.status <> 'lost' AND NOT p.free`;

const KEEP = `
INSERT INTO cost_reconciliations (day, provider, model_alias, model, calls, asked_calls, priced_usd, reported_usd, drift, flagged)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (day, provider, model_alias, model) DO UPDATE SET calls = excluded.calls, asked_calls = excluded.asked_calls,
  priced_usd = excluded.priced_usd, reported_usd = excluded.reported_usd, drift = excluded.drift,
  flagged = excluded.flagged, created_at = now()`;
