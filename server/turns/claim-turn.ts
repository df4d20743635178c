import { v4 } from 'uuid';
import type { Pool } from 'pg';
import { createLease, LEASE_MS } from '#server/turns/lease.ts';
import { endRun, type BegunCalls, type JournalRow, type Run } from '#server/turns/run.ts';
import type { Citation } from '#server/turns/contract.ts';
import type { StepRow, TurnRow } from '#server/turns/rows.ts';

type ClaimedRow = TurnRow & {
  message: string;
  elapsed_ms: number;
  steps: (Omit<StepRow, 'charged_micro_credits'> & { charged_micro_credits: number })[] | null;
  journal: JournalRow[] | null;
};

/**
 * Claims the next turn of a conversation: a running one whose holder has gone silent, else the first that waits, if none
 * runs. Null when there is nothing to claim. One turn per conversation at a time, whoever asks: two claims at once meet on
 * the row's lock, and the partial unique index on running turns refuses the second. A turn that waits goes on waiting while
 * its user, or everybody together, has as many running as may be.
 */
export async function claimTurn(
  db: Pool,
  { conversationId, mostRunning }: { conversationId: string; mostRunning: number },
): Promise<Run | null> {
  const token = v4();
  try {
    const { rows } = await db.query<ClaimedRow>({
      name: 'claim-turn',
      text: claimed(NEXT_OF_CONVERSATION),
      values: [conversationId, token, LEASE_MS, mostRunning],
    });
    return rows[0] ? runOf(rows[0], token) : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23505') return null;
    throw error;
  }
}

/** Takes a running turn from a holder that was told to stop and has not. Its writes are refused from now on. */
export async function claimSilentTurn(
  db: Pool,
  { turnId, token }: { turnId: string; token: string },
): Promise<Run | null> {
  const { rows } = await db.query<ClaimedRow>({
    name: 'claim-silent-turn',
    text: claimed(
      `SELECT id FROM turns WHERE id = $1 AND status = 'running' AND stop_requested_at IS NOT NULL FOR UPDATE`,
    ),
    values: [turnId, token, LEASE_MS],
  });
  return rows[0] ? runOf(rows[0], token) : null;
}

function runOf({ message, elapsed_ms: elapsedMs, steps, journal, ...turn }: ClaimedRow, token: string): Run {
  return beginRun(turn, token, { message, elapsedMs, steps: (steps ?? []).map(reviveStep), journal: journal ?? [] });
}

/** One process's work on a turn that the database says is its own, by `token`. */
export function beginRun(
  turn: TurnRow,
  token: string,
  {
    message,
    elapsedMs,
    steps,
    journal,
    begun = { intents: new Map(), until: 0 },
  }: { message: string; elapsedMs: number; steps: StepRow[]; journal: JournalRow[]; begun?: BegunCalls },
): Run {
  const run: Run = {
    turn,
    message,
    elapsedMs,
    lease: createLease({ turnId: turn.id, token, seq: turn.last_seq, lost: () => endRun(run, { reason: 'lost' }) }),
    steps: new Map(steps.map((step) => [step.key, step])),
    journal,
    begun,
    running: new Map(),
    abort: new AbortController(),
    stepAborts: new Map(),
    end: null,
    othersWait: false,
    calls: 0,
    promised: 0n,
    toolCalls: countTools(journal),
    guardedSearches: 0,
    citations: numberedSources(steps, journal),
    once: new Map(),
    trace: null,
    stepTraces: new Map(),
  };
  return run;
}

/** Calls of tools that were made before, here or by the process that held the turn before this one. */
function countTools(journal: JournalRow[]): number {
  return journal.filter(({ kind, status }) => kind === 'tool' && status === 'ok').length;
}

/** The sources that are numbered already: by what the journal holds, and by steps that were taken over. */
function numberedSources(steps: Pick<StepRow, 'citations'>[], journal: JournalRow[]): Citation[] {
  const found = [
    ...steps.flatMap(({ citations }) => citations),
    ...journal.flatMap(({ response }) => response?.tool?.citations ?? []),
  ];
  return [...new Map(found.map((citation) => [citation.number, citation])).values()];
}

const NEXT_OF_CONVERSATION = `
  SELECT n.id FROM (
  SELECT t.id, t.status, t.user_id FROM turns t
  WHERE t.conversation_id = $1 AND (
    (t.status = 'running' AND t.lease_until < now())
    OR (t.status = 'queued' AND NOT EXISTS (
      SELECT 1 FROM turns r WHERE r.conversation_id = $1 AND r.status = 'running')))
  ORDER BY (t.status = 'running') DESC, t.queue_position
  LIMIT 1 FOR UPDATE) n
  WHERE n.status = 'running' OR turn_may_start(n.user_id, $4)`;

function claimed(which: string): string {
  return `
WITH claimed AS (
  UPDATE turns SET status = 'running', lease_token = $2, lease_until = now() + $3 * interval '1 millisecond',
    attempt = attempt + 1, started_at = coalesce(started_at, now())
  WHERE id = (${which})
  RETURNING *)
SELECT c.*, (extract(epoch FROM now() - c.started_at) * 1000)::int AS elapsed_ms,
  (SELECT m.content FROM messages m WHERE m.turn_id = c.id AND m.index = -1) AS message,
  (SELECT json_agg(s) FROM turn_steps s WHERE s.turn_id = c.id) AS steps,
  (SELECT json_agg(j) FROM call_journal j WHERE j.turn_id = c.id) AS journal
FROM claimed c`;
}

/** json_agg gives times as text and int8 as a number. */
function reviveStep(step: NonNullable<ClaimedRow['steps']>[number]): StepRow {
  return {
    ...step,
    charged_micro_credits: BigInt(step.charged_micro_credits),
    skip_requested_at: reviveDate(step.skip_requested_at),
    started_at: reviveDate(step.started_at),
    finished_at: reviveDate(step.finished_at),
  };
}

function reviveDate(value: unknown): Date | null {
  return typeof value === 'string' ? new Date(value) : null;
}
