import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { Session } from '#server/auth/contract.ts';
import { decodeCursor, encodeCursor, type Page, type PageQuery } from '#server/http/page.ts';

/** Where a user is signed in, the newest sign-in first. `sessionId` is the session that asks, if one does. */
export async function findSessions(
  { prisma }: Pick<App, 'prisma'>,
  { userId, sessionId, cursor, limit }: { userId: string; sessionId: string | null } & PageQuery,
): Promise<Page<Session>> {
  const before = decodeCursor(z.guid(), cursor);
  const rows = await prisma.session.findMany({
    where: { userId, expiresAt: { gt: new Date() }, ...(before === null ? {} : { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({
      id: row.id,
      userAgent: row.userAgent,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      current: row.id === sessionId,
    })),
    nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null,
  };
}
