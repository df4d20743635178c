import type { App } from '#server/app.ts';
import { checkContent } from '#server/files/check-content.ts';
import { MAX_FILE_BYTES, type File } from '#server/files/contract.ts';
import { kindOfStored } from '#server/files/kind-of.ts';
import { presentFile } from '#server/files/present-file.ts';
import { readStored } from '#server/files/read-stored.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';
import type { File as FileRow } from '#server/platform/prisma/client.ts';

/**
 * Takes an upload over: its bytes are what was announced, then it is handed to the parser. Done before, it changes nothing.
 * Throws unsupported_file_type (the file stays as failed), conflict when the bytes have not come or came too late.
 */
export async function completeFile(
  app: Pick<App, 'prisma' | 'queue' | 'storage'>,
  { file }: { file: FileRow },
): Promise<File> {
  if (file.status !== 'uploading') return presentFile(file);
  if (file.uploadExpiresAt !== null && file.uploadExpiresAt.getTime() < Date.now()) {
    throw new AppError('conflict', 'The upload took too long. Start it again.');
  }
  const stored = await sizeOf(app, file.storageKey);
  if (stored === null) throw new AppError('conflict', 'The file’s bytes have not arrived yet.');
  if (stored !== file.size) await refuse(app, file, 'The file is not of the size that was announced.', 'invalid_input');
  const bytes = await readStored(app, file.storageKey, MAX_FILE_BYTES);
  const problem = checkContent(kindOfStored(file.mimeType), bytes);
  if (problem !== null) await refuse(app, file, problem, 'unsupported_file_type');
  await app.prisma.$transaction(async (tx) => {
    const { count } = await tx.file.updateMany({
      where: { id: file.id, status: 'uploading', deletedAt: null },
      data: { status: 'parsing', uploadExpiresAt: null },
    });
    if (count === 0) return;
    await tx.fileParsingJob.create({ data: { id: newId(), fileId: file.id, status: 'queued' } });
    await app.queue.send('parse-file', { fileId: file.id }, { tx });
  });
  return presentFile(await app.prisma.file.findUniqueOrThrow({ where: { id: file.id } }));
}

async function sizeOf({ storage }: Pick<App, 'storage'>, key: string): Promise<number | null> {
  return storage.sizeOf(key).catch((cause: unknown) => {
    throw new AppError('unavailable', 'The file storage can’t be reached right now.', { retryAfter: 10, cause });
  });
}

/** The row stays, with its reason, and counts for nothing; the bytes go. */
async function refuse(
  app: Pick<App, 'prisma' | 'storage'>,
  file: FileRow,
  message: string,
  code: 'unsupported_file_type' | 'invalid_input',
): Promise<never> {
  await app.prisma.file.updateMany({
    where: { id: file.id, status: 'uploading' },
    data: { status: 'failed', error: { code: 'unsupported_file_type', message }, uploadExpiresAt: null },
  });
  await app.storage.delete([file.storageKey]).catch(() => undefined);
  throw new AppError(code, message);
}
