import { z } from 'zod';
import type { App } from '#server/app.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';
import type { Turn } from '#server/turns/contract.ts';
import { presentTurn } from '#server/turns/present-turn.ts';
import { readTurns } from '#server/turns/read-turn.ts';

const ZCursor = z.object({ turnId: z.uuid() });

export type FindTurns = {
  conversationId: string;
  /** A branch's id; the active one if absent. */
  branchId?: string | undefined;
  limit: number;
  /** The next older page. */
  cursor?: string | undefined;
};

/**
 * A page of a branch's turns, oldest first within the page; the first page holds the newest turns and `nextCursor` leads
 * to older ones, since a reader of a long room wants its end. The conversation must be the caller's.
 */
export async function findTurns(app: Pick<App, 'db'>, options: FindTurns): Promise<Page<Turn>> {
  const cursor = decodeCursor(ZCursor, options.cursor);
  const { rows } = await app.db.query<{ id: string }>(WALK, [
    options.conversationId,
    options.branchId ?? null,
    cursor?.turnId ?? null,
    options.limit + 1,
  ]);
  const page = rows.slice(0, options.limit).map((row) => row.id);
  const turns = await readTurns(app.db, page.toReversed());
  const oldest = page.at(-1);
  const beside = await findBeside(app, options.conversationId, page);
  return {
    items: turns.map(({ row, message, steps }) => {
      return { ...presentTurn(row, message, steps), ...beside.get(row.id) };
    }),
    nextCursor: rows.length > options.limit && oldest !== undefined ? encodeCursor({ turnId: oldest }) : null,
  };
}

type Beside = Pick<Turn, 'siblingTurnIds' | 'whatIfs'>;

/** What stands beside turns, by their ids: the others in their place, and how often they were tried differently. One statement for a page. */
async function findBeside(
  app: Pick<App, 'db'>,
  conversationId: string,
  turnIds: string[],
): Promise<Map<string, Beside>> {
  if (turnIds.length === 0) return new Map();
  const { rows } = await app.db.query<{ id: string; siblings: string[]; what_ifs: number }>(BESIDE, [
    conversationId,
    turnIds,
  ]);
  return new Map(
    rows.map(({ id, siblings, what_ifs: whatIfs }) => [
      id,
      { ...(siblings.length > 1 ? { siblingTurnIds: siblings } : {}), ...(whatIfs > 0 ? { whatIfs } : {}) },
    ]),
  );
}

/** A what-if follows what its original followed, so it is found with the siblings. */
const BESIDE = `
SELECT t.id, array_agg(s.id ORDER BY s.id) FILTER (WHERE s.what_if_of IS NULL) AS siblings,
  count(*) FILTER (WHERE s.what_if_of = t.id)::int AS what_ifs
FROM turns t
JOIN turns s ON s.parent_turn_id = t.parent_turn_id
WHERE t.id = ANY($2::uuid[]) AND t.conversation_id = $1 GROUP BY t.id
UNION ALL
SELECT t.id, array_agg(s.id ORDER BY s.id) FILTER (WHERE s.what_if_of IS NULL),
  count(*) FILTER (WHERE s.what_if_of = t.id)::int
FROM turns t
JOIN turns s ON s.conversation_id = $1 AND s.parent_turn_id IS NULL
WHERE t.id = ANY($2::uuid[]) AND t.conversation_id = $1 AND t.parent_turn_id IS NULL GROUP BY t.id`;

/** Up the branch from its head (or from the turn before the cursor's), newest first, over turns that left no message too. */
const WALK = `
WITH RECURSIVE start AS (
  SELECT CASE WHEN $3::uuid IS NULL
    THEN (SELECT head_turn_id FROM room_sessions
          WHERE conversation_id = $1 AND CASE WHEN $2::uuid IS NULL THEN active ELSE id = $2::uuid END)
    ELSE (SELECT parent_turn_id FROM turns WHERE id = $3::uuid AND conversation_id = $1) END AS id
), branch AS (
  SELECT t.id, t.parent_turn_id, 1 AS place FROM turns t JOIN start ON t.id = start.id WHERE t.conversation_id = $1
  UNION ALL
  SELECT t.id, t.parent_turn_id, b.place + 1 FROM branch b JOIN turns t ON t.id = b.parent_turn_id WHERE b.place < $4
)
SELECT id FROM branch ORDER BY place`;
