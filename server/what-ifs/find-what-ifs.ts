import type { App } from '#server/app.ts';
import type { Page } from '#server/http/page.ts';
import type { Turn } from '#server/turns/contract.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readTurns } from '#server/turns/read-turn.ts';

/** What was tried of a turn, oldest first. The turn must be the caller's. */
export async function findWhatIfs({ db }: Pick<App, 'db'>, turnId: string): Promise<Page<Turn>> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM turns WHERE what_if_of = $1 ORDER BY id', [turnId]);
  const turns = await readTurns(
    db,
    rows.map(({ id }) => id),
  );
  return { items: turns.map(({ row, message, steps }) => presentTurn(row, message, steps)), nextCursor: null };
}
