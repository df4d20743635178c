import type { App } from '#server/app.ts';
import type { Turn } from '#server/turns/contract.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readTurns } from '#server/turns/read-turn.ts';

/** A state holds so many of a line's newest turns: what a reader is given does not grow with the room's age. */
export const STATE_TURNS = 50;

/** A turn and what came before it, at most so many, oldest first. */
export async function readLine(
  app: Pick<App, 'db'>,
  headTurnId: string | null,
  limit: number = STATE_TURNS,
): Promise<Turn[]> {
  if (headTurnId === null) return [];
  const { rows } = await app.db.query<{ id: string }>(LINE, [headTurnId, limit]);
  return readInOrder(
    app,
    rows.map(({ id }) => id),
  );
}

export async function readInOrder(app: Pick<App, 'db'>, turnIds: string[]): Promise<Turn[]> {
  const turns = await readTurns(app.db, turnIds);
  return turns.map(({ row, message, steps }) => presentTurn(row, message, steps));
}

const LINE = `
WITH RECURSIVE line AS (
  SELECT t.id, t.parent_turn_id, 1 AS place FROM turns t WHERE t.id = $1
  UNION ALL
  SELECT t.id, t.parent_turn_id, l.place + 1 FROM line l JOIN turns t ON t.id = l.parent_turn_id WHERE l.place < $2
)
SELECT id FROM line ORDER BY place DESC`;

/** The turns that stand beside these, after the same ones. */
export async function findBeside(app: Pick<App, 'db'>, turnIds: string[]): Promise<string[]> {
  if (turnIds.length === 0) return [];
  const { rows } = await app.db.query<{ id: string }>(
    `SELECT s.id FROM turns t JOIN turns s ON s.parent_turn_id = t.parent_turn_id
     WHERE t.id = ANY($1::uuid[]) AND s.id <> ALL($1::uuid[]) ORDER BY s.id`,
    [turnIds],
  );
  return rows.map(({ id }) => id);
}
