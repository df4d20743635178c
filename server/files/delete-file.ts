import type { App } from '#server/app.ts';

/** Takes a file out of its room; it can be restored for 7 days. From now on no agent reads it, in no turn. */
export async function deleteFile({ prisma }: Pick<App, 'prisma'>, { fileId }: { fileId: string }): Promise<void> {
  await prisma.$executeRaw`UPDATE files SET deleted_at = now() WHERE id = ${fileId}::uuid AND deleted_at IS NULL`;
}
