import type { App } from '#server/app.ts';
import { encodeCursor, type Page } from '#server/http/page.ts';
import type { Turn } from '#server/turns/contract.ts';
import { findTurns } from '#server/turns/find-turns.ts';

const MOST_TURNS = 12;
/** Characters: some three windows of text, on a wide screen and in a small type. */
const ENOUGH = 8_000;

/**
 * What a page begins with: the newest turns that fill its window a few times over, oldest first. All of it is laid out and
 * made to work before a phone answers to a finger, so there is no more of it than that; `nextCursor` leads to the rest.
 */
export async function findRecentTurns(app: Pick<App, 'db'>, conversationId: string): Promise<Page<Turn>> {
  const page = await findTurns(app, { conversationId, limit: MOST_TURNS });
  let length = 0;
  const enough = page.items.findLastIndex((turn) => (length += lengthOf(turn)) >= ENOUGH);
  // What runs and what waits is always there.
  const unended = page.items.findIndex(({ status }) => status === 'running' || status === 'queued');
  const first = unended === -1 ? enough : Math.min(enough, unended);
  const turn = page.items[first];
  return first < 1 || !turn ? page : { items: page.items.slice(first), nextCursor: encodeCursor({ turnId: turn.id }) };
}

function lengthOf({ message, steps }: Turn): number {
  return steps.reduce((sum, { content }) => sum + content.length, message.length);
}
