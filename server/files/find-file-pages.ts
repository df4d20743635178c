import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { FilePage } from '#server/files/contract.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';

/** What a file says, as agents read it, from page `from` on. */
export async function findFilePages(
  { prisma }: Pick<App, 'prisma'>,
  { fileId, from, cursor, limit }: { fileId: string; from: number; cursor?: string | undefined; limit: number },
): Promise<Page<FilePage>> {
  const first = decodeCursor(z.int(), cursor) ?? from;
  const rows = await prisma.filePage.findMany({
    where: { fileId, number: { gte: first } },
    orderBy: { number: 'asc' },
    take: limit + 1,
  });
  const next = rows.length > limit ? rows[limit] : undefined;
  const items = rows.slice(0, limit).map(({ number, title, content }) => ({ number, title, text: content }));
  return { items, nextCursor: next ? encodeCursor(next.number) : null };
}
