import type { App } from '#server/app.ts';
import type { KeptTest } from '#server/recordings/contract.ts';
import type { TurnMode } from '#server/turns/contract.ts';

type Row = { turn_id: string; message: string | null; mode: TurnMode; created_at: Date; max_micro_credits: bigint };

/** A room's tests, the first kept first; there are never many. The room must be the caller's. */
export async function findTests(app: Pick<App, 'db'>, roomId: string): Promise<KeptTest[]> {
  const { rows } = await app.db.query<Row>(
    `SELECT r.turn_id, m.content AS message, t.mode, r.created_at, r.max_micro_credits
     FROM recordings r JOIN turns t ON t.id = r.turn_id
     LEFT JOIN messages m ON m.turn_id = t.id AND m.index = -1 AND m.deleted_at IS NULL
     WHERE t.room_id = $1 ORDER BY r.created_at, r.turn_id`,
    [roomId],
  );
  return rows.map((row) => ({
    turnId: row.turn_id,
    message: row.message ?? '',
    mode: row.mode,
    keptAt: row.created_at.toISOString(),
    maxMicroCredits: row.max_micro_credits.toString(),
  }));
}

/** What a turn may cost as a test, or null for one that is none. */
export async function findLimit(app: Pick<App, 'db'>, turnId: string): Promise<bigint | null> {
  const { rows } = await app.db.query<{ max_micro_credits: bigint }>(
    'SELECT max_micro_credits FROM recordings WHERE turn_id = $1',
    [turnId],
  );
  return rows[0]?.max_micro_credits ?? null;
}
