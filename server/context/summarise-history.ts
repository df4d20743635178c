import { quote } from '#graphs/quote.ts';
import { renderPrompt } from '#graphs/prompts/registry.ts';
import type { App } from '#server/app.ts';
import { estimateTokens, KEEP_VERBATIM, turnTokens } from '#server/context/budget.ts';
import type { History, PastTurn } from '#server/context/read-history.ts';
import { newId } from '#server/platform/ids.ts';
import { storableText } from '#server/turns/append-events.ts';
import { callModel, recordOf } from '#server/turns/call-model.ts';
import { record } from '#server/turns/record.ts';
import { RunEnded, type Run } from '#server/turns/run.ts';
import type { SummaryRow } from '#server/turns/changes.ts';

export const MAX_WORDS = 500;

/**
 * Replaces all but the latest turns of a history by a summary, which is kept for the turns to come and readable by the
 * user. Its call is metered like any other. A what-if's is its own: what others remember is not of its making. When no summary can be had, the agents do with the latest turns.
 */
export async function summariseHistory(
  app: Pick<App, 'db' | 'hub' | 'writer' | 'llm' | 'metrics' | 'log'>,
  run: Run,
  history: History,
  summariser: string,
): Promise<History> {
  const { older, recent } = splitHistory(history.turns);
  const through = older.at(-1);
  if (!through) return history;
  const alias = cheapestAlias(run);
  const ask = {
    messages: [
      { role: 'system' as const, content: renderPrompt(summariser, { maxWords: String(MAX_WORDS) }) },
      { role: 'user' as const, content: material(history.summary, older) },
    ],
    maxOutputTokens: MAX_WORDS * 3,
  };
  const caller = {
    key: summaryKey(through),
    purpose: 'summary' as const,
    stepId: null,
    agentId: null,
    modelAlias: alias,
    fallbackAlias: null,
  };
  const result = await callModel(app, run, caller, 0, ask, {
    signal: run.abort.signal,
    onText: () => {},
    streamed: () => false,
    opening: () => ({ events: [], steps: [] }),
    onAttempt: () => {},
  });
  const content = storableText(result.reply?.text ?? '').trim();
  if (run.end?.reason === 'lost') throw new RunEnded('lost');
  const summary: SummaryRow = {
    id: newId(),
    conversation_id: run.turn.conversation_id,
    through_turn_id: through.id,
    content,
    tokens: estimateTokens(content),
    model_alias: alias,
    covers: older.map(({ id }) => id),
    readAt: history.readAt,
  };
  await record(app, run, [], {
    ...recordOf(result),
    summary: content === '' || run.turn.what_if_of !== null ? null : summary,
  });
  if (run.end) throw new RunEnded(run.end.reason);
  if (content === '') app.log.warn('a conversation could not be summarised', { turnId: run.turn.id });
  return { ...history, summary: content === '' ? history.summary : content, turns: recent };
}

/** A summary's name in the journal, by the last turn that it covers. */
export function summaryKey({ id }: Pick<PastTurn, 'id'>): string {
  return `summary:${id}`;
}

/** The latest turns that fit into what is kept word for word, at least one; the rest is older. */
export function splitHistory(turns: PastTurn[]): { older: PastTurn[]; recent: PastTurn[] } {
  let tokens = 0;
  let start = turns.length;
  while (start > 0) {
    tokens += turnTokens(turns[start - 1] as PastTurn);
    if (tokens > KEEP_VERBATIM && start < turns.length) break;
    start -= 1;
  }
  return { older: turns.slice(0, start), recent: turns.slice(start) };
}

function cheapestAlias(run: Run): string {
  const [cheapest] = Object.entries(run.turn.snapshot.models).sort(
    ([, a], [, b]) => Number(a.outputUsdPerM) - Number(b.outputUsdPerM),
  );
  if (!cheapest) throw new Error('The pricing version names no model.');
  return cheapest[0];
}

function material(summary: string | null, turns: PastTurn[]): string {
  const parts = summary === null ? [] : [quote('The summary so far:', summary)];
  for (const { role, agentName, content } of turns.flatMap((turn) => turn.messages)) {
    parts.push(quote(role === 'user' ? 'The person:' : `${agentName ?? 'Manager'}:`, content));
  }
  return parts.join('\n\n');
}
