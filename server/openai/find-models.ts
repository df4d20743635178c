import type { App } from '#server/app.ts';
import { findDirectSessions } from '#server/direct/find-direct-sessions.ts';
import type { Page } from '#server/http/page.ts';
import type { OpenAiModel } from '#server/openai/contract.ts';
import { presentModel } from '#server/openai/present-model.ts';
import { findRooms } from '#server/rooms/find-rooms.ts';

const PAGE = 200;
/** OpenAI's list has no pages, so this one ends somewhere. */
const MOST_PAGES = 10;

/** The caller's rooms, then the direct chats, each the last changed first. */
export async function findModels(
  app: Pick<App, 'prisma'>,
  { userId }: { userId: string },
): Promise<{ object: 'list'; data: OpenAiModel[] }> {
  const [rooms, sessions] = await Promise.all([
    readAll((cursor) => findRooms(app, { userId, cursor, limit: PAGE })),
    readAll((cursor) => findDirectSessions(app, { userId, cursor, limit: PAGE })),
  ]);
  return {
    object: 'list',
    data: [
      ...rooms.map((room) => presentModel({ kind: 'room', ...room })),
      ...sessions.map(({ title, ...session }) => presentModel({ kind: 'direct', name: title, ...session })),
    ],
  };
}

async function readAll<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await read(cursor);
    items.push(...found.items);
    if (found.nextCursor === null) break;
    cursor = found.nextCursor;
  }
  return items;
}
