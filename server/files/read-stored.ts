import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';

/** The bytes of a stored file, or `unavailable`. */
export async function readStored({ storage }: Pick<App, 'storage'>, key: string, maxBytes: number): Promise<Buffer> {
  try {
    return await storage.read(key, { maxBytes });
  } catch (cause) {
    throw new AppError('unavailable', 'The file storage can’t be reached right now.', { retryAfter: 10, cause });
  }
}
