import { isAppError } from '#server/platform/errors.ts';

/** Null for what is not found, so that it can be looked for elsewhere. */
export async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return null;
    throw error;
  }
}
