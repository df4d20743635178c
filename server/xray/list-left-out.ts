import { estimateTokens } from '#server/context/budget.ts';
import { MAX_TURNS } from '#server/context/read-history.ts';
import { permitOf } from '#server/tools/gate.ts';
import type { TurnParts } from '#server/turns/read-turn.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { LeftOut } from '#server/xray/contract.ts';
import type { ChangedSince } from '#server/xray/find-changes.ts';
import type { SaidBefore } from '#server/xray/remember-then.ts';
import type { ReplayedStep } from '#server/xray/replay-turn.ts';

const MOST_ITEMS = 20;
const EXCERPT = 140;

/** What there was, and this agent was not sent: of the past, of this turn, and of its tools; each with the reason. */
export function listLeftOut(turn: TurnParts, step: StepRow, replayed: ReplayedStep, changes: ChangedSince): LeftOut[] {
  return [...ofThePast(turn, replayed, changes), ...ofThisTurn(turn, step), ...ofItsTools(turn, step, replayed)].filter(
    ({ count }) => count > 0,
  );
}

function ofThePast({ row }: TurnParts, { memory }: ReplayedStep, { deletedBefore }: ChangedSince): LeftOut[] {
  const budget = memory.budget.toLocaleString('en');
  return [
    said(
      'no_memory',
      'Its memory is switched off: it is told nothing of the conversation before.',
      memory.unremembered,
    ),
    said('summarised', 'Too long to be told word for word: the summary stands for it.', memory.summarised),
    said('not_its_concern', 'Its memory is selective: what other agents said is left out.', memory.notItsConcern),
    said(
      'budget',
      `Beyond its budget of ${budget} tokens for what was said before; the newest go first.`,
      memory.beyondBudget,
    ),
    counted(
      'too_long_ago',
      `No memory reaches further back than ${MAX_TURNS} turns.`,
      Math.max(0, row.depth - MAX_TURNS),
    ),
    counted('deleted', 'Deleted by you before this turn ran.', deletedBefore),
  ];
}

/** Who hears whom is the mode's business: docs/graphs.md. */
function ofThisTurn({ row, steps }: TurnParts, step: StepRow): LeftOut[] {
  const others = steps.filter(({ id, kind }) => id !== step.id && kind === 'agent');
  const replies = others.filter(({ content }) => content !== '');
  const completed = ({ status }: StepRow) => status === 'completed';
  const group = ({ key }: StepRow) => Number(/^work:(\d+)\./.exec(key)?.[1] ?? 0);
  const broken = (earlier: StepRow[]) =>
    spoken(
      'not_completed',
      'Broken off or failed; only finished replies are passed on.',
      earlier.filter((other) => !completed(other)),
    );
  const together = (same: StepRow[]) => spoken('at_the_same_time', 'Written at the same time.', same);
  const later = (after: StepRow[]) => spoken('later', 'Written later.', after);
  if (row.mode === 'manual') return [together(replies)];
  if (row.mode === 'roundtable') {
    return [
      broken(replies.filter(({ index }) => index < step.index)),
      later(replies.filter(({ index }) => index > step.index)),
    ];
  }
  if (row.mode === 'direct' || step.kind === 'manager') return [];
  if (step.kind === 'synthesis') return [broken(replies)];
  return [
    broken(replies.filter((other) => group(other) < group(step))),
    together(replies.filter((other) => group(other) === group(step))),
    later(replies.filter((other) => group(other) > group(step))),
  ];
}

function ofItsTools({ row }: TurnParts, step: StepRow, { spec }: ReplayedStep): LeftOut[] {
  if (step.kind !== 'agent') return [];
  const permit = permitOf(row.snapshot, spec);
  const label = ({ handle }: { handle: string }) => ({ label: handle, excerpt: '' });
  const leave = row.snapshot.roster.find(({ id }) => id === step.agent_id)?.toolPermissions.files ?? false;
  const read = step.tool_calls.some(
    ({ tool, status }) => tool !== 'search_web' && tool !== 'list_files' && status === 'completed',
  );
  const files = (code: LeftOut['code'], reason: string, of: typeof permit.files): LeftOut => {
    return { code, reason, count: of.length, tokens: null, items: of.slice(0, MOST_ITEMS).map(label) };
  };
  return [
    counted('search_off', 'It may not search the web: no search tool was offered.', permit.search ? 0 : 1),
    files('files_off', 'It may not read files.', leave ? [] : permit.withheld),
    files('file_not_directed', 'The manager directed it to other files.', leave ? permit.withheld : []),
    files(
      'file_not_read',
      'It could have read them and did not: of a file it is sent the name alone.',
      read ? [] : permit.files,
    ),
  ];
}

function said(code: LeftOut['code'], reason: string, messages: SaidBefore[]): LeftOut {
  return {
    code,
    reason,
    count: messages.length,
    tokens: messages.reduce((sum, { content }) => sum + estimateTokens(content), 0),
    items: messages
      .slice(-MOST_ITEMS)
      .reverse()
      .map(({ role, agentName, content, turnId }) => ({
        label: agentName ?? (role === 'user' ? 'You' : 'Manager'),
        excerpt: excerptOf(content),
        turnId,
      })),
  };
}

function spoken(code: LeftOut['code'], reason: string, steps: StepRow[]): LeftOut {
  return {
    code,
    reason,
    count: steps.length,
    tokens: steps.reduce((sum, { content }) => sum + estimateTokens(content), 0),
    items: steps
      .slice(0, MOST_ITEMS)
      .map(({ agent_name, content }) => ({ label: agent_name, excerpt: excerptOf(content) })),
  };
}

function counted(code: LeftOut['code'], reason: string, count: number): LeftOut {
  return { code, reason, count, tokens: null, items: [] };
}

function excerptOf(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT).toWellFormed()}…` : line;
}
