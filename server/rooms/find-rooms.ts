import { z } from 'zod';
import type { App } from '#server/app.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';
import { restorableSince } from '#server/rooms/restorable-since.ts';
import type { Room } from '#server/rooms/contract.ts';
import { presentRoom } from '#server/rooms/present-room.ts';

const ZPosition = z.tuple([z.iso.datetime(), z.guid()]);

/** A user's rooms, the last changed first; with `deleted`, those that can still be restored. Without their agents. */
export async function findRooms(
  { prisma }: Pick<App, 'prisma'>,
  options: { userId: string; deleted?: boolean; cursor?: string | undefined; limit?: number },
): Promise<Page<Room>> {
  const { userId, deleted = false, cursor, limit = 50 } = options;
  const after = decodeCursor(ZPosition, cursor);
  const rows = await prisma.room.findMany({
    where: {
      ownerId: userId,
      deletedAt: deleted ? { gt: await restorableSince({ prisma }) } : null,
      ...(after && { OR: [{ updatedAt: { lt: after[0] } }, { updatedAt: after[0], id: { lt: after[1] } }] }),
    },
    orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(presentRoom),
    nextCursor: last && rows.length > limit ? encodeCursor([last.updatedAt.toISOString(), last.id]) : null,
  };
}
