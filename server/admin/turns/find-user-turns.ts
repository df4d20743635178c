import type { App } from '#server/app.ts';
import type { TurnSummary } from '#server/admin/contract.ts';

type Row = Omit<TurnSummary, 'createdAt'> & { createdAt: Date };

/** A person's newest turns: when, how and what they cost. Never what was said. */
export async function findUserTurns(
  { db }: Pick<App, 'db'>,
  { userId, limit }: { userId: string; limit: number },
): Promise<TurnSummary[]> {
  const { rows } = await db.query<Row>(
    `SELECT id, mode, status, failed_steps AS "failedSteps", charged_micro_credits::text AS "chargedMicroCredits",
       (extract(epoch FROM finished_at - started_at) * 1000)::int AS "durationMs", created_at AS "createdAt"
     FROM turns WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`,
    [userId, limit],
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
