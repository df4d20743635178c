import type { Pool } from 'pg';
import type { AgentSnapshot } from '#graphs/ports.ts';
import { SUMMARISE_ABOVE, tokensOf } from '#server/context/budget.ts';
import { readHistory, type History } from '#server/context/read-history.ts';
import { keptOf, toPrompt } from '#server/context/recall.ts';
import { MAX_WORDS, splitHistory } from '#server/context/summarise-history.ts';

/** What a turn's agents would be sent of the conversation, in bytes; and what would have to be summarised first, if anything. */
export type MemorySizes = { bytesOf: Map<string, number>; toSummarise: number | null };

type Recaller = Pick<AgentSnapshot, 'id' | 'modelAlias' | 'memoryPolicy'>;

const BYTES_PER_WORD = 6;

/** Sizes what `recall` would give, by the same policies and budgets, without making a call. */
export async function sizeMemory(
  db: Pool,
  { turnId, agents, windowOf }: { turnId: string | null; agents: Recaller[]; windowOf: (modelAlias: string) => number },
): Promise<MemorySizes> {
  const policies = new Set(agents.map(({ memoryPolicy }) => memoryPolicy));
  const nothing: History = { summary: null, turns: [], readAt: new Date(0) };
  const [whole, latest] = await Promise.all([
    policies.has('full') || policies.has('selective') ? readHistory(db, { turnId, pastSummaries: true }) : nothing,
    policies.has('summary') ? readHistory(db, { turnId, pastSummaries: false }) : nothing,
  ]);
  const overflows = tokensOf(latest.turns) > SUMMARISE_ABOVE;
  const { older, recent } = overflows ? splitHistory(latest.turns) : { older: [], recent: latest.turns };
  const summaryBytes = (overflows ? MAX_WORDS * BYTES_PER_WORD : 0) || bytes(latest.summary ?? '');

  function sizeOf(agent: Recaller): number {
    const withSummary = agent.memoryPolicy === 'summary';
    const kept = keptOf(withSummary ? recent : whole.turns, agent, windowOf(agent.modelAlias));
    const said = kept.reduce((total, message) => total + bytes(toPrompt(message, agent.id).content), 0);
    return said + (withSummary ? summaryBytes : 0);
  }

  const summarised = older.flatMap(({ messages }) => messages).reduce((sum, { content }) => sum + bytes(content), 0);
  return {
    bytesOf: new Map(agents.map((agent) => [agent.id, sizeOf(agent)])),
    toSummarise: older.length > 0 ? summarised + bytes(latest.summary ?? '') : null,
  };
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
