import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '#server/app.ts';
import { newId } from '#server/platform/ids.ts';
import type { Run } from '#server/turns/run.ts';

const LOOK_EVERY_MS = 1_000;

export type Question = { id: string; expiresAt: Date };

/** The question of a call, asked once whoever runs the turn: after a crash it is the same one, with what is left of its time. */
export async function askPerson(
  { db, env }: Pick<App, 'db' | 'env'>,
  run: Pick<Run, 'turn'>,
  { stepKey, callNo }: { stepKey: string; callNo: number },
): Promise<Question> {
  const { rows } = await db.query<{ id: string; expires_at: Date }>(
    `WITH asked AS (
       INSERT INTO tool_approvals (id, turn_id, step_key, call_no, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
       ON CONFLICT (turn_id, step_key, call_no) DO NOTHING RETURNING id, expires_at)
     SELECT id, expires_at FROM asked
     UNION ALL SELECT id, expires_at FROM tool_approvals WHERE turn_id = $2 AND step_key = $3 AND call_no = $4 LIMIT 1`,
    [newId(), run.turn.id, stepKey, callNo, env.toolApprovalSeconds],
  );
  const row = rows[0];
  if (!row) throw new Error('A question that is asked has a row.');
  return { id: row.id, expiresAt: row.expires_at };
}

/** Waits for the person's word, for the time that the question has; null when the step is over before that. */
export async function waitForDecision(
  { db }: Pick<App, 'db'>,
  id: string,
  signal: AbortSignal,
): Promise<'approved' | 'denied' | 'expired' | null> {
  for (;;) {
    if (signal.aborted) return null;
    const { rows } = await db.query<{ status: 'waiting' | 'approved' | 'denied' | 'expired'; late: boolean }>({
      name: 'read-approval',
      text: 'SELECT status, expires_at <= now() AS late FROM tool_approvals WHERE id = $1',
      values: [id],
    });
    const row = rows[0];
    // Its turn is being purged.
    if (!row) return 'denied';
    if (row.status !== 'waiting') return row.status;
    if (row.late) {
      await withdrawQuestion({ db }, id);
      continue;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/** Takes a question back whose step is over, so that nobody is told that it was allowed. */
export async function withdrawQuestion({ db }: Pick<App, 'db'>, id: string): Promise<void> {
  await db.query(`UPDATE tool_approvals SET status = 'expired' WHERE id = $1 AND status = 'waiting'`, [id]);
}
