import { assertFeatureOn } from '#server/admin/settings/get-settings.ts';
import type { App } from '#server/app.ts';
import { cleanName } from '#server/files/clean-name.ts';
import { FILE_KINDS, MAX_FILE_BYTES, type CreatedFile, type CreateFile } from '#server/files/contract.ts';
import { kindOf } from '#server/files/kind-of.ts';
import { presentFile } from '#server/files/present-file.ts';
import { throwIfQuota } from '#server/files/quota.ts';
import { AppError } from '#server/platform/errors.ts';
import { newId } from '#server/platform/ids.ts';

/** How long an upload may take to begin and end; until then its bytes are reserved in the room. */
const UPLOAD_MINUTES = 15;

/** Where a file belongs: one of the two. */
export type FileHome = { roomId: string } | { directSessionId: string };

/**
 * Announces a file: reserves its bytes in the room and gives the address that its bytes are PUT at.
 * Throws file_too_large, room_quota_exceeded, unsupported_file_type, invalid_input, unavailable.
 */
export async function createFile(
  app: Pick<App, 'prisma' | 'storage'>,
  { userId, home, request, origin }: { userId: string; home: FileHome; request: CreateFile; origin: string },
): Promise<CreatedFile> {
  await assertFeatureOn(app, 'fileUploads', 'Uploads');
  if (request.size > MAX_FILE_BYTES) {
    throw new AppError('file_too_large', 'A file may have at most 10 MB.', { extra: { maxBytes: MAX_FILE_BYTES } });
  }
  const name = cleanName(request.name);
  if (name === '') {
    const message = 'Give the file a name that can be shown.';
    throw new AppError('invalid_input', message, { errors: [{ path: 'name', message }] });
  }
  const { mimeType } = FILE_KINDS[kindOf(name, request.mimeType)];
  const storageKey = newId();
  const uploadExpiresAt = new Date(Date.now() + UPLOAD_MINUTES * 60_000);
  // Signed before the row exists: a storage that can't be reached reserves nothing.
  const signed = await app.storage
    .signUpload(storageKey, { size: request.size, mimeType, expiresAt: uploadExpiresAt })
    .catch((cause: unknown) => {
      throw new AppError('unavailable', 'The file storage can’t be reached right now.', { retryAfter: 10, cause });
    });
  const { size } = request;
  const row = await app.prisma.file
    .create({
      data: {
        id: newId(),
        ownerId: userId,
        ...home,
        name,
        size,
        mimeType,
        storageKey,
        status: 'uploading',
        uploadExpiresAt,
      },
    })
    .catch(throwIfQuota);
  const url = new URL(signed.url, origin).href;
  return {
    file: presentFile(row),
    upload: {
      url,
      method: 'PUT',
      headers: signed.headers,
      expiresAt: uploadExpiresAt.toISOString(),
      ...(signed.pieceBytes === undefined ? {} : { pieceBytes: signed.pieceBytes }),
    },
  };
}
