import { z } from 'zod';
import type { App } from '#server/app.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';
import { restorableSince } from '#server/rooms/restorable-since.ts';

export type FindByChange = {
  userId: string;
  /** Those that can still be restored, rather than those that are there. */
  deleted?: boolean;
  cursor?: string | undefined;
  limit?: number;
};

const ZPosition = z.tuple([z.iso.datetime(), z.guid()]);

/** A page of what a user owns, the last changed first. `find` is `findMany` of rooms or of direct chats. */
export async function findByChange<Row extends { id: string; updatedAt: Date }>(
  { prisma }: Pick<App, 'prisma'>,
  { userId, deleted = false, cursor, limit = 50 }: FindByChange,
  find: (query: ReturnType<typeof queryOf>) => Promise<Row[]>,
): Promise<Page<Row>> {
  const after = decodeCursor(ZPosition, cursor);
  const since = deleted ? await restorableSince({ prisma }) : null;
  const rows = await find(queryOf(userId, since, after, limit + 1));
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: last && rows.length > limit ? encodeCursor([last.updatedAt.toISOString(), last.id]) : null,
  };
}

function queryOf(ownerId: string, deletedSince: Date | null, after: z.infer<typeof ZPosition> | null, take: number) {
  return {
    where: {
      ownerId,
      deletedAt: deletedSince && { gt: deletedSince },
      ...(after && { OR: [{ updatedAt: { lt: after[0] } }, { updatedAt: after[0], id: { lt: after[1] } }] }),
    },
    orderBy: [{ updatedAt: 'desc' as const }, { id: 'desc' as const }],
    take,
  };
}
