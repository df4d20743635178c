import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { File } from '#server/files/contract.ts';
import type { FileHome } from '#server/files/create-file.ts';
import { presentFile } from '#server/files/present-file.ts';
import { decodeCursor, encodeCursor, type Page } from '#server/http/page.ts';
import { restorableSince } from '#server/rooms/restorable-since.ts';

/** The files of a room or of a direct chat, newest first; with `deleted`, those that can still be restored. */
export async function findFiles(
  { prisma }: Pick<App, 'prisma'>,
  options: { home: FileHome; deleted?: boolean; cursor?: string | undefined; limit?: number },
): Promise<Page<File>> {
  const { home, deleted = false, cursor, limit = 50 } = options;
  const after = decodeCursor(z.guid(), cursor);
  const rows = await prisma.file.findMany({
    where: {
      ...home,
      deletedAt: deleted ? { gt: await restorableSince({ prisma }) } : null,
      // An upload that was never finished, or was called off, is nothing any more.
      NOT: { status: 'uploading', ...(deleted ? {} : { uploadExpiresAt: { lt: new Date() } }) },
      ...(after && { id: { lt: after } }),
    },
    omit: { details: true },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(presentFile), nextCursor: last && rows.length > limit ? encodeCursor(last.id) : null };
}
