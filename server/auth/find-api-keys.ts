import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { ApiKey } from '#server/auth/contract.ts';
import { presentApiKey } from '#server/auth/present-api-key.ts';
import { decodeCursor, encodeCursor, type Page, type PageQuery } from '#server/http/page.ts';

/** A user's keys that are not revoked, newest first. */
export async function findApiKeys(
  { prisma }: Pick<App, 'prisma'>,
  { userId, cursor, limit }: { userId: string } & PageQuery,
): Promise<Page<ApiKey>> {
  const before = decodeCursor(z.guid(), cursor);
  const rows = await prisma.apiKey.findMany({
    where: { userId, revokedAt: null, ...(before === null ? {} : { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(presentApiKey), nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null };
}
