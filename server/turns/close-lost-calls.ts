import type { App } from '#server/app.ts';
import { record } from '#server/turns/record.ts';
import type { JournalRow, Run } from '#server/turns/run.ts';
import { usageRow, type JournalEntry, type UsageRow } from '#server/turns/changes.ts';

/**
 * After a crash: closes the calls that were begun and have no outcome. Each model call gets its usage row, `lost` and uncharged,
 * since nobody knows what was served; the call may then be made again.
 */
export async function closeLostCalls(app: Pick<App, 'db' | 'hub' | 'writer' | 'llm' | 'log'>, run: Run): Promise<void> {
  const lost = run.journal.filter((row) => row.status === 'intent');
  if (lost.length === 0) return;
  const journal = lost.map((row): JournalEntry => ({ ...row, turn_id: run.turn.id, status: 'lost' }));
  const usage = lost.filter(({ kind }) => kind === 'model').map((row) => lostUsage(app.llm.provider, run, row));
  await record(app, run, [], { journal, usage });
}

function lostUsage(provider: string, run: Run, row: JournalRow): UsageRow {
  const step = run.steps.get(row.step_key);
  const alias = step?.model_alias ?? run.turn.snapshot.managerAlias;
  return usageRow(run, row, {
    metered: {
      promptTokens: 0,
      completionTokens: 0,
      cachedTokens: 0,
      totalTokens: 0,
      providerCostUsd: '0',
      creditsBurned: 0n,
      status: 'lost',
    },
    purpose: step?.kind ?? 'summary',
    stepId: step?.id ?? null,
    agentId: step?.agent_id ?? null,
    provider,
    model: row.model,
    modelAlias: alias,
    multiplier: run.turn.snapshot.models[alias]?.multiplier ?? '1',
    requestId: null,
    latencyMs: 0,
    firstTokenMs: null,
    errorCode: 'lost',
  });
}
