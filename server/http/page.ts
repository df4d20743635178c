import { z } from 'zod';
import { AppError } from '#server/platform/errors.ts';

/** `?cursor=&limit=` of every list. A cursor is opaque: base64url of JSON that only the list which made it reads. */
export const ZPageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type PageQuery = z.infer<typeof ZPageQuery>;

/** For what can be restored: `?deleted=true` lists that, and nothing else. */
export const ZDeletablePageQuery = ZPageQuery.extend({
  deleted: z.enum(['true', 'false']).default('false'),
});

export type Page<T> = { items: T[]; nextCursor: string | null };

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Throws `invalid_query` for a cursor that this list didn't make. */
export function decodeCursor<T>(schema: z.ZodType<T>, cursor: string | undefined): T | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new AppError('invalid_query', 'The cursor is not one of this list’s.', {
      errors: [{ path: 'cursor', message: 'Use the nextCursor of the page before.' }],
    });
  }
}
