import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { DirectSession } from '#server/direct/contract.ts';
import { presentDirectSession } from '#server/direct/present-direct-session.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';
import { restorableSince } from '#server/rooms/restorable-since.ts';

const ZPosition = z.tuple([z.iso.datetime(), z.guid()]);

/** A user's direct chats, the last used first; with `deleted`, those that can still be restored. */
export async function findDirectSessions(
  { prisma }: Pick<App, 'prisma'>,
  options: { userId: string; deleted?: boolean; cursor?: string | undefined; limit?: number },
): Promise<Page<DirectSession>> {
  const { userId, deleted = false, cursor, limit = 50 } = options;
  const after = decodeCursor(ZPosition, cursor);
  const rows = await prisma.directSession.findMany({
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
    items: items.map(presentDirectSession),
    nextCursor: last && rows.length > limit ? encodeCursor([last.updatedAt.toISOString(), last.id]) : null,
  };
}
