import type { App } from '#server/app.ts';

/** From here on the link leads nowhere. Revoking twice is no error. */
export async function revokeShare({ prisma }: Pick<App, 'prisma'>, { shareId }: { shareId: string }): Promise<void> {
  await prisma.share.updateMany({ where: { id: shareId, revokedAt: null }, data: { revokedAt: new Date() } });
}
