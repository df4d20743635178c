import { z } from 'zod';
import type { App } from '#server/app.ts';
import type { Invite } from '#server/admin/contract.ts';
import { decodeCursor, encodeCursor, type Page, type PageQuery } from '#server/http/page.ts';
import type { Invite as Row } from '#server/platform/prisma/client.ts';

/** Everybody who was invited and not taken back, the newest first. */
export async function findInvites(
  { prisma }: Pick<App, 'prisma'>,
  { cursor, limit }: PageQuery,
): Promise<Page<Invite>> {
  const before = decodeCursor(z.guid(), cursor);
  const rows = await prisma.invite.findMany({
    where: before === null ? {} : { id: { lt: before } },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(presentInvite);
  return { items, nextCursor: rows.length > limit ? encodeCursor(items.at(-1)?.id) : null };
}

export function presentInvite(row: Row): Invite {
  return {
    id: row.id,
    email: row.email,
    createdAt: row.createdAt.toISOString(),
    acceptedAt: row.acceptedAt?.toISOString() ?? null,
  };
}
