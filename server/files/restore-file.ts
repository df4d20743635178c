import type { App } from '#server/app.ts';
import type { File } from '#server/files/contract.ts';
import { presentFile } from '#server/files/present-file.ts';
import { throwIfQuota } from '#server/files/quota.ts';
import { AppError } from '#server/platform/errors.ts';
import { RESTORE_DAYS } from '#server/rooms/contract.ts';

/** Brings a deleted file back. Throws restore_expired after its days of grace, room_quota_exceeded when its place is taken. */
export async function restoreFile({ prisma }: Pick<App, 'prisma'>, { fileId }: { fileId: string }): Promise<File> {
  await prisma.$executeRaw`
    UPDATE files SET deleted_at = NULL
    WHERE id = ${fileId}::uuid AND deleted_at > now() - make_interval(days => ${RESTORE_DAYS}::int)`.catch(
    throwIfQuota,
  );
  const row = await prisma.file.findUniqueOrThrow({ where: { id: fileId } });
  if (row.deletedAt !== null) {
    throw new AppError('restore_expired', `This file was deleted more than ${RESTORE_DAYS} days ago.`);
  }
  return presentFile(row);
}
