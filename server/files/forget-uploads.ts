import type { App } from '#server/app.ts';

const BATCH = 200;

/** Removes uploads that were announced and never finished, with whatever bytes came of them, an hour after their end. */
export async function forgetUploads(app: Pick<App, 'prisma' | 'storage'>): Promise<void> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  const given = { status: 'uploading', uploadExpiresAt: { lt: hourAgo } };
  for (;;) {
    const rows = await app.prisma.file.findMany({ where: given, select: { id: true, storageKey: true }, take: BATCH });
    if (rows.length === 0) return;
    await app.storage.delete(rows.map(({ storageKey }) => storageKey));
    await app.prisma.file.deleteMany({ where: { ...given, id: { in: rows.map(({ id }) => id) } } });
  }
}
