import { MAX_ROOM_BYTES } from '#server/files/contract.ts';
import { AppError } from '#server/platform/errors.ts';

/** The database refuses what doesn't fit into the room (prisma/migrations/0004_files); here its refusal gets its words. */
export function throwIfQuota(error: unknown): never {
  if (!JSON.stringify(detailsOf(error)).includes('files_quota')) throw error;
  throw new AppError(
    'room_quota_exceeded',
    'All files of a room may have 100 MB together. Delete some before you add more.',
    { extra: { maxBytes: MAX_ROOM_BYTES } },
  );
}

/** Prisma keeps what the database said in the message, `meta` or `cause`, by kind of statement. */
function detailsOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const { message, cause } = error;
  return [message, 'meta' in error ? error.meta : null, ...(cause === undefined ? [] : [cause, ...detailsOf(cause)])];
}
