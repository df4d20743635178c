import type { App } from '#server/app.ts';
import { toPrompt } from '#server/context/recall.ts';
import { notFound } from '#server/platform/errors.ts';
import type { RecordedStep, Recording } from '#server/recordings/contract.ts';
import { readTurn } from '#server/turns/read-turn.ts';
import type { StepRow } from '#server/turns/rows.ts';
import type { JournalRow } from '#server/turns/run.ts';
import { replayTurn, type ReplayedStep } from '#server/xray/replay-turn.ts';

/** What the engine adds to an ask by itself; a recording holds what the graph asks. */
const ATTACHED = 'Files attached to the message that follows:';

/** A turn as a recording, put together from what is kept of it. The turn must be the caller's. */
export async function recordTurn(
  app: Pick<App, 'db' | 'prompts'>,
  { turnId, maxMicroCredits }: { turnId: string; maxMicroCredits?: bigint | undefined },
): Promise<Recording> {
  const turn = await readTurn(app.db, turnId);
  if (!turn) throw notFound();
  const { rows: journal } = await app.db.query<JournalRow>(
    'SELECT * FROM call_journal WHERE turn_id = $1 ORDER BY call_no, attempt',
    [turnId],
  );
  const replayed = await replayTurn(app.db, { ...turn, journal }, app.prompts);
  const { row } = turn;
  const { snapshot } = row;
  return {
    format: 'pantheon.recording',
    version: 1,
    turnId: row.id,
    mode: row.mode,
    message: turn.message,
    files: (snapshot.files ?? []).map(({ id, name }) => ({ id, name })),
    managerAlias: snapshot.managerAlias,
    roster: snapshot.roster,
    memories: Object.fromEntries([...replayed.values()].map((step) => memoryOf(step))),
    steps: turn.steps.map((step) => recordedStep(step, journal, replayed.get(step.key))),
    chargedMicroCredits: row.charged_micro_credits.toString(),
    maxMicroCredits: (maxMicroCredits ?? defaultMost(row.charged_micro_credits)).toString(),
  };
}

/** Prices and lengths vary a little; twice as much is another thing. */
export function defaultMost(chargedMicroCredits: bigint): bigint {
  return chargedMicroCredits * 2n;
}

function memoryOf({ spec, memory }: ReplayedStep): [string, Recording['memories'][string]] {
  const id = spec.agentId ?? 'manager';
  const messages = memory.kept.map((message) => toPrompt(message, id));
  return [id, { summary: memory.summary, messages }];
}

function recordedStep(step: StepRow, journal: JournalRow[], replayed: ReplayedStep | undefined): RecordedStep {
  const asked = (replayed?.asks[0]?.ask.messages ?? []).flatMap(({ role, content }) =>
    role === 'tool' || content.startsWith(ATTACHED) ? [] : [{ role, content }],
  );
  return {
    key: step.key,
    index: step.index,
    kind: step.kind,
    agentId: step.agent_id,
    agentName: step.agent_name,
    status: step.status,
    content: step.content,
    plan: step.data,
    error: step.error,
    citations: step.citations.map(({ number }) => number),
    request: asked,
    replies: repliesOf(step, journal),
    promptVersion: step.prompt_version,
  };
}

function repliesOf({ key, status }: StepRow, journal: JournalRow[]): string[] | null {
  const replies = journal.flatMap(({ step_key, kind, status: outcome, response }) =>
    step_key === key && kind === 'model' && outcome === 'ok' && response ? [response] : [],
  );
  // A stopped or skipped step says what it had said; one that used tools, or was taken over, what it came to.
  if (status !== 'completed' && status !== 'failed') return null;
  if (replies.length === 0 || replies.some(({ toolCalls }) => toolCalls.length > 0)) return null;
  return replies.map(({ text }) => text);
}
