import type { App } from '#server/app.ts';
import { findByChange, type FindByChange } from '#server/conversations/find-by-change.ts';
import type { Page } from '#server/http/page.ts';
import type { Room } from '#server/rooms/contract.ts';
import { presentRoom } from '#server/rooms/present-room.ts';

/** A user's rooms, the last changed first; with `deleted`, those that can still be restored. Without their agents. */
export async function findRooms({ prisma }: Pick<App, 'prisma'>, options: FindByChange): Promise<Page<Room>> {
  const page = await findByChange({ prisma }, options, (query) => prisma.room.findMany(query));
  return { ...page, items: page.items.map(presentRoom) };
}
