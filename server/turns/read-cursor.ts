import { AppError } from '#server/platform/errors.ts';

/** Sequence numbers are PostgreSQL integers. */
const BEYOND_ANY_EVENT = 2_147_483_647;

/**
 * The last sequence number that a reader has: `?after=` wins over `Last-Event-ID`; neither means from the beginning.
 * Throws invalid_query for what is no non-negative integer.
 */
export function readCursor(after: string | undefined, lastEventId: string | null): number {
  const given = after ?? (lastEventId === null || lastEventId === '' ? '0' : lastEventId);
  if (!/^\d{1,16}$/.test(given)) {
    throw new AppError('invalid_query', 'The cursor must be a sequence number: 0, 1, 2, …', {
      errors: [{ path: after === undefined ? 'Last-Event-ID' : 'after', message: 'Not a non-negative integer.' }],
    });
  }
  return Math.min(Number(given), BEYOND_ANY_EVENT);
}
