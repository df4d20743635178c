import type { App } from '#server/app.ts';
import { notFound } from '#server/platform/errors.ts';
import type { File as FileRow } from '#server/platform/prisma/client.ts';

const MINUTES = 5;

/** An address at which the file can be had for a few minutes, without a sign-in. */
export async function downloadUrl(
  { storage }: Pick<App, 'storage'>,
  { file, origin }: { file: FileRow; origin: string },
): Promise<string> {
  if (file.status === 'uploading' || (await storage.sizeOf(file.storageKey)) === null) throw notFound();
  const { name, mimeType } = file;
  const expiresAt = new Date(Date.now() + MINUTES * 60_000);
  // A text is handed out as what it is stored as; its encoding is its own.
  const signed = await storage.signDownload(file.storageKey, { name, mimeType, expiresAt });
  return new URL(signed.url, origin).href;
}
