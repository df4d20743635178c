import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';
import type { Turn as TurnRow } from '#server/platform/prisma/client.ts';
import { transaction } from '#server/platform/db.ts';
import { defaultMost } from '#server/recordings/record-turn.ts';

/** All of a room's tests are run together, each time. */
export const MAX_TESTS = 20;

/** Keeps a room's turn as a test; keeping it again changes what it may cost. Throws `conflict`. */
export async function keepTest(
  app: Pick<App, 'db'>,
  { turn, maxMicroCredits }: { turn: TurnRow; maxMicroCredits?: string | undefined },
): Promise<void> {
  const { id, roomId, userId, status, chargedMicroCredits } = turn;
  if (roomId === null || status !== 'completed') {
    throw new AppError('conflict', 'Only a turn of a room that has been completed can be kept as a test.');
  }
  await transaction(app.db, async (tx) => {
    await tx.query('SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE', [roomId]);
    const { rows } = await tx.query<{ kept: number }>(
      `SELECT count(*)::int AS kept FROM recordings r JOIN turns t ON t.id = r.turn_id
       WHERE t.room_id = $1 AND r.turn_id <> $2`,
      [roomId, id],
    );
    if ((rows[0]?.kept ?? 0) >= MAX_TESTS) {
      throw new AppError('conflict', `A room has at most ${MAX_TESTS} tests. Drop one first.`);
    }
    await tx.query(
      `INSERT INTO recordings (turn_id, user_id, max_micro_credits) VALUES ($1, $2, $3)
       ON CONFLICT (turn_id) DO UPDATE SET max_micro_credits = excluded.max_micro_credits`,
      [id, userId, maxMicroCredits ?? defaultMost(chargedMicroCredits).toString()],
    );
  });
}

/** The turn stays; it is no test any more. */
export async function dropTest(app: Pick<App, 'db'>, turnId: string): Promise<void> {
  await app.db.query('DELETE FROM recordings WHERE turn_id = $1', [turnId]);
}
