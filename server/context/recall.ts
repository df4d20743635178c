import type { AgentSnapshot, PromptMessage, Recollection } from '#graphs/ports.ts';
import { quoteReply } from '#graphs/quote.ts';
import type { App } from '#server/app.ts';
import { estimateTokens, SUMMARISE_ABOVE, tokensOf } from '#server/context/budget.ts';
import { readHistory, type History, type PastMessage, type PastTurn } from '#server/context/read-history.ts';
import { summariseHistory } from '#server/context/summarise-history.ts';
import type { Run } from '#server/turns/run.ts';

type Recaller = Pick<AgentSnapshot, 'id' | 'modelAlias' | 'memoryPolicy'>;
type RecallApp = Pick<App, 'db' | 'hub' | 'writer' | 'llm' | 'metrics' | 'log'>;

/** `selective` remembers this much of what concerns the agent. In tokens. */
export const SELECTIVE_BUDGET = 8_000;
/** The share of a model's context window that history may take; the rest is for the turn itself and the answer. */
export const HISTORY_SHARE = 0.5;

/**
 * What an agent remembers of the conversation before this turn, by its memory policy, oldest first and inside its model's
 * budget: `full` word for word as far back as the model holds, `summary` a rolling summary and the latest turns,
 * `selective` the person's messages, syntheses and the agent's own replies, `none` nothing.
 */
export async function recall(app: RecallApp, run: Run, agent: Recaller, summariser: string): Promise<Recollection> {
  const window = run.turn.snapshot.models[agent.modelAlias]?.contextTokens ?? 8_192;
  const budget = Math.floor(window * HISTORY_SHARE);
  const told = (message: PastMessage) => toPrompt(message, agent.id);
  switch (agent.memoryPolicy) {
    case 'none':
      return { summary: null, messages: [] };
    case 'full': {
      const { turns } = await historyOf(app, run, true);
      return { summary: null, messages: newestWithin(turns, budget, () => true).map(told) };
    }
    case 'selective': {
      const { turns } = await historyOf(app, run, true);
      const concerns = ({ role, agentId }: PastMessage) => role !== 'agent' || agentId === agent.id;
      return { summary: null, messages: newestWithin(turns, Math.min(budget, SELECTIVE_BUDGET), concerns).map(told) };
    }
    case 'summary': {
      const { summary, turns } = await summarised(app, run, summariser);
      return { summary, messages: newestWithin(turns, budget, () => true).map(told) };
    }
  }
}

/** Read once per turn, however many agents ask. */
function historyOf(app: RecallApp, run: Run, pastSummaries: boolean): Promise<History> {
  return once(run, `history:${String(pastSummaries)}`, () =>
    readHistory(app.db, { turnId: run.turn.parent_turn_id, pastSummaries }),
  );
}

function summarised(app: RecallApp, run: Run, summariser: string): Promise<History> {
  return once(run, 'summary', async () => {
    const history = await historyOf(app, run, false);
    return tokensOf(history.turns) > SUMMARISE_ABOVE ? summariseHistory(app, run, history, summariser) : history;
  });
}

function once<T>(run: Run, name: string, work: () => Promise<T>): Promise<T> {
  const known = run.once.get(name) as Promise<T> | undefined;
  if (known) return known;
  const started = work();
  run.once.set(name, started);
  // What failed, with a database that went away say, is asked for again when the graph is.
  started.catch(() => run.once.delete(name));
  return started;
}

/** The newest messages that fit, in order. The first that doesn't fit ends it: a memory with holes misleads. */
export function newestWithin(
  turns: PastTurn[],
  budget: number,
  wanted: (message: PastMessage) => boolean,
): PastMessage[] {
  const kept: PastMessage[] = [];
  let left = budget;
  for (const message of turns
    .flatMap((turn) => turn.messages)
    .filter(wanted)
    .reverse()) {
    left -= estimateTokens(message.content);
    if (left < 0) break;
    kept.push(message);
  }
  return kept.reverse();
}

/** An agent's own words are its own; the person's are the user's; anyone else's are quoted, as material. */
export function toPrompt({ role, agentId, agentName, content }: PastMessage, self: string): PromptMessage {
  if (role === 'user') return { role: 'user', content };
  const own = role === 'synthesis' ? self === 'manager' : agentId === self;
  if (own) return { role: 'assistant', content };
  return { role: 'user', content: quoteReply({ agentName: agentName ?? 'Manager', content }) };
}
