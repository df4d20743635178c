import type { App } from '#server/app.ts';
import { AppError, notFound } from '#server/platform/errors.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';

type Change<T> = (tx: Prisma.TransactionClient, now: Date) => Promise<T>;

/**
 * The one way to change a room's agents. Holds the room's row, so that changes go one after the other and positions
 * stay 0..n-1 without a gap; a send locks the same row, so it sees the roster before or after a change, never amid.
 * Throws `not_found` unless the room is the user's, and the field error when the name is taken: of that the unique
 * index is the judge.
 */
export async function changeRoster<T>(
  { prisma }: Pick<App, 'prisma'>,
  { userId, roomId }: { userId: string; roomId: string },
  change: Change<T>,
): Promise<T> {
  try {
    return await prisma.$transaction(
      async (tx) => {
        const [room] = await tx.$queryRaw<{ now: Date }[]>`
          UPDATE rooms SET updated_at = now()
          WHERE id = ${roomId}::uuid AND owner_id = ${userId}::uuid AND deleted_at IS NULL RETURNING updated_at AS now`;
        if (!room) throw notFound();
        return change(tx, room.now);
      },
      { maxWait: 15_000, timeout: 15_000 },
    );
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken(error) : error;
  }
}

/** By its code: the page bundle and the server process each hold a copy of Prisma's error class. */
function isUniqueViolation(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'P2002';
}

function nameTaken(cause: Error): AppError {
  const message = 'Another agent of this room has this name. Names differ by more than upper and lower case.';
  return new AppError('invalid_input', message, { errors: [{ path: 'name', message }], cause });
}
