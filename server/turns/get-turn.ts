import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';
import type { Turn } from '#server/turns/contract.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readTurn } from '#server/turns/read-turn.ts';

/** One turn with its steps. It must be the caller's: see `getOwnedTurn`. */
export async function getTurn(app: Pick<App, 'db'>, turnId: string): Promise<Turn> {
  const found = await readTurn(app.db, turnId);
  if (!found) throw notFound();
  return presentTurn(found.row, found.message, found.steps);
}
