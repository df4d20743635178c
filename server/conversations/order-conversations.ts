import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';

/**
 * Puts the user’s rooms, or direct chats, in this order in the sidebar; those that are not named keep theirs after them. What
 * is made later comes first. Throws `invalid_input` at `path` when one is absent or someone else’s; then nothing changes.
 */
export async function orderConversations(
  { db }: Pick<App, 'db'>,
  { kind, userId, ids, path }: { kind: 'room' | 'direct'; userId: string; ids: string[]; path: string },
): Promise<void> {
  const table = kind === 'room' ? 'rooms' : 'direct_sessions';
  const { rows } = await db.query<{ known: boolean }>(
    `WITH named AS (
       SELECT id, place FROM unnest($2::uuid[]) WITH ORDINALITY AS given(id, place)
     ), mine AS (
       SELECT c.id, named.place IS NOT NULL AS named,
         row_number() OVER (ORDER BY named.place, c.position, c.updated_at DESC, c.id DESC) AS place
       FROM ${table} c LEFT JOIN named USING (id) WHERE c.owner_id = $1 AND c.deleted_at IS NULL
     ), verdict AS (
       SELECT count(*) FILTER (WHERE named) = cardinality($2::uuid[]) AS known FROM mine
     ), moved AS (
       UPDATE ${table} c SET position = mine.place FROM mine, verdict WHERE c.id = mine.id AND verdict.known
     )
     SELECT known FROM verdict`,
    [userId, ids],
  );
  if (rows[0]?.known) return;
  const message = 'One of them is not there.';
  throw new AppError('invalid_input', message, { errors: [{ path, message }] });
}
