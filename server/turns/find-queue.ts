import type { App } from '#server/app.ts';
import type { Page } from '#server/http/page.ts';
import type { Turn } from '#server/turns/contract.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readTurns } from '#server/turns/read-turn.ts';

/** A conversation's waiting turns in the order in which they will run. The conversation must be the caller's. */
export async function findQueue(app: Pick<App, 'db'>, conversationId: string): Promise<Page<Turn>> {
  const { rows } = await app.db.query<{ id: string }>(
    `SELECT id FROM turns WHERE conversation_id = $1 AND status = 'queued' AND what_if_of IS NULL ORDER BY queue_position`,
    [conversationId],
  );
  const turns = await readTurns(
    app.db,
    rows.map((row) => row.id),
  );
  return { items: turns.map(({ row, message, steps }) => presentTurn(row, message, steps)), nextCursor: null };
}
