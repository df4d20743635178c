import type { Pool } from 'pg';
import type { AgentSnapshot } from '#graphs/ports.ts';
import { SUMMARISE_ABOVE, tokensOf } from '#server/context/budget.ts';
import { readHistory, type History, type PastMessage } from '#server/context/read-history.ts';
import { budgetOf, keptOf, windowOf } from '#server/context/recall.ts';
import { splitHistory, summaryKey } from '#server/context/summarise-history.ts';
import { storableText } from '#server/turns/append-events.ts';
import type { TurnParts } from '#server/turns/read-turn.ts';
import type { JournalRow } from '#server/turns/run.ts';

/** A message of the past, and the turn that it was said in. */
export type SaidBefore = PastMessage & { turnId: string };

export type Memory = {
  policy: AgentSnapshot['memoryPolicy'];
  /** In tokens. */
  budget: number;
  summary: string | null;
  summaryMadeInThisTurn: boolean;
  /** Told word for word. */
  kept: SaidBefore[];
  /** Said before this turn, on its branch, and not told word for word. */
  summarised: SaidBefore[];
  beyondBudget: SaidBefore[];
  notItsConcern: SaidBefore[];
  unremembered: SaidBefore[];
};

/** What each agent remembered when the turn ran: as `recall`, with the summaries that there were then and no call. */
export async function rememberThen(
  db: Pool,
  { row, journal }: TurnParts & { journal: JournalRow[] },
): Promise<(agent: Pick<AgentSnapshot, 'id' | 'modelAlias' | 'memoryPolicy'>) => Memory> {
  const turnId = row.parent_turn_id;
  const [whole, latest] = await Promise.all([
    readHistory(db, { turnId, pastSummaries: true }),
    readHistory(db, { turnId, pastSummaries: false, before: row.started_at ?? row.created_at }),
  ]);
  const { history, made } = summarisedThen(latest, journal);
  const all = saidIn(whole);

  return (agent) => {
    const policy = agent.memoryPolicy;
    const window = windowOf(row.snapshot, agent.modelAlias);
    const turns = policy === 'summary' ? history.turns : whole.turns;
    const turnOf = new Map(turns.flatMap(({ id, messages }) => messages.map((message) => [message, id])));
    const kept = keptOf(turns, agent, window).map((message) => ({ ...message, turnId: turnOf.get(message) as string }));
    const told = new Set(kept.map(nameOf));
    const missed = all.filter((message) => !told.has(nameOf(message)));
    const recent = new Set(history.turns.map(({ id }) => id));
    const concerns = ({ role, agentId }: SaidBefore) => role !== 'agent' || agentId === agent.id;
    const among = (wanted: boolean, test: (message: SaidBefore) => boolean) => (wanted ? missed.filter(test) : []);
    return {
      policy,
      budget: budgetOf(policy, window),
      summary: policy === 'summary' ? history.summary : null,
      summaryMadeInThisTurn: policy === 'summary' && made,
      kept,
      summarised: among(policy === 'summary', ({ turnId }) => !recent.has(turnId)),
      beyondBudget: among(
        policy !== 'none',
        (message) =>
          (policy !== 'summary' || recent.has(message.turnId)) && (policy !== 'selective' || concerns(message)),
      ),
      notItsConcern: among(policy === 'selective', (message) => !concerns(message)),
      unremembered: among(policy === 'none', () => true),
    };
  };
}

/** A history that was too long is the summary that this turn's journal holds, and the latest turns. */
function summarisedThen(latest: History, journal: JournalRow[]): { history: History; made: boolean } {
  if (tokensOf(latest.turns) <= SUMMARISE_ABOVE) return { history: latest, made: false };
  const { older, recent } = splitHistory(latest.turns);
  const through = older.at(-1);
  if (!through) return { history: latest, made: false };
  const reply = journal.find((row) => row.step_key === summaryKey(through) && row.status === 'ok')?.response;
  const content = storableText(reply?.text ?? '').trim();
  return {
    history: { ...latest, summary: content === '' ? latest.summary : content, turns: recent },
    made: content !== '',
  };
}

function saidIn({ turns }: History): SaidBefore[] {
  return turns.flatMap(({ id, messages }) => messages.map((message) => ({ ...message, turnId: id })));
}

/** One turn has one message of the person, one synthesis, and of an agent one for each piece of its work. */
function nameOf({ turnId, role, agentId, content }: SaidBefore): string {
  return JSON.stringify([turnId, role, agentId, content]);
}
