import type { Pool } from 'pg';
import type { AgentSnapshot, PromptMessage, Recollection } from '#graphs/ports.ts';
import { quoteReply } from '#graphs/quote.ts';
import type { App } from '#server/app.ts';
import { estimateTokens, SUMMARISE_ABOVE, tokensOf } from '#server/context/budget.ts';
import { readHistory, type History, type PastMessage, type PastTurn } from '#server/context/read-history.ts';
import { summariseHistory } from '#server/context/summarise-history.ts';
import type { Tx } from '#server/platform/db.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { Run } from '#server/turns/run.ts';
import type { Snapshot } from '#server/turns/snapshot.ts';

type Recaller = Pick<AgentSnapshot, 'id' | 'modelAlias' | 'memoryPolicy'>;
type RecallApp = Pick<App, 'db' | 'hub' | 'writer' | 'llm' | 'metrics' | 'log'>;

/** `selective` remembers this much of what concerns the agent. In tokens. */
const SELECTIVE_BUDGET = 8_000;
/** The share of a model's context window that history may take; the rest is for the turn itself and the answer. */
const HISTORY_SHARE = 0.5;

/**
 * What an agent remembers of the conversation before this turn, by its memory policy, oldest first and inside its model's
 * budget: `full` word for word as far back as the model holds, `summary` a rolling summary and the latest turns,
 * `selective` the person's messages, syntheses and the agent's own replies, `none` nothing.
 */
export async function recall(app: RecallApp, run: Run, agent: Recaller, summariser: string): Promise<Recollection> {
  if (agent.memoryPolicy === 'none') return { summary: null, messages: [] };
  const { summary, turns } =
    agent.memoryPolicy === 'summary' ? await summarised(app, run, summariser) : await historyOf(app, run, true);
  const kept = keptOf(turns, agent, windowOf(run.turn.snapshot, agent.modelAlias));
  return { summary, messages: kept.map((message) => toPrompt(message, agent.id)) };
}

/** In tokens; a model that the turn's pricing version doesn't know is taken for a small one. */
export function windowOf({ models }: Pick<Snapshot, 'models'>, modelAlias: string): number {
  return models[modelAlias]?.contextTokens ?? 8_192;
}

/** Which messages of a history an agent with this memory policy is told word for word; `window` is its model's, in tokens. */
export function keptOf(turns: PastTurn[], { id, memoryPolicy }: Pick<Recaller, 'id' | 'memoryPolicy'>, window: number) {
  const budget = budgetOf(memoryPolicy, window);
  switch (memoryPolicy) {
    case 'none':
      return [];
    case 'full':
    case 'summary':
      return newestWithin(turns, budget, () => true);
    case 'selective':
      return newestWithin(turns, budget, ({ role, agentId }) => role !== 'agent' || agentId === id);
  }
}

/** In tokens. */
export function budgetOf(memoryPolicy: Recaller['memoryPolicy'], window: number): number {
  const share = Math.floor(window * HISTORY_SHARE);
  return memoryPolicy === 'none' ? 0 : memoryPolicy === 'selective' ? Math.min(share, SELECTIVE_BUDGET) : share;
}

/** Histories that are being read before there is a run to keep them, by the name that it keeps them under. */
export type Ahead = Map<string, Promise<History>>;

/** Begins to read what the agents of a new turn will ask for. */
export function readAhead(
  db: Pool | Tx,
  { parentTurnId, roster, steps }: { parentTurnId: string | null; roster: Recaller[]; steps: StepRow[] },
): Ahead {
  return new Map(
    waysOf(roster, steps).map((pastSummaries) => [
      nameOf(pastSummaries),
      readHistory(db, { turnId: parentTurnId, pastSummaries }),
    ]),
  );
}

export function keepAhead(run: Run, ahead: Ahead): void {
  for (const [name, history] of ahead) once(run, name, () => history).catch(() => undefined);
}

/** Begins to read what was not read ahead, while the run’s graph is still being set up. */
export function recallAhead(app: RecallApp, run: Run): void {
  const ways = waysOf(run.turn.snapshot.roster, [...run.steps.values()]);
  for (const pastSummaries of ways) historyOf(app, run, pastSummaries).catch(() => undefined);
}

/** Whether those who have a step go past summaries. */
function waysOf(roster: Recaller[], steps: StepRow[]): boolean[] {
  const asked = new Set(steps.map((step) => step.agent_id));
  const policies = roster.filter(({ id }) => asked.has(id)).map(({ memoryPolicy }) => memoryPolicy);
  return [...new Set(policies.flatMap((policy) => (policy === 'none' ? [] : [policy !== 'summary'])))];
}

function nameOf(pastSummaries: boolean): string {
  return `history:${String(pastSummaries)}`;
}

/** Read once per turn, however many agents ask. */
function historyOf(app: RecallApp, run: Run, pastSummaries: boolean): Promise<History> {
  return once(run, nameOf(pastSummaries), () =>
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
function newestWithin(turns: PastTurn[], budget: number, wanted: (message: PastMessage) => boolean): PastMessage[] {
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
