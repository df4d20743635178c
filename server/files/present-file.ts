import type { File } from '#server/files/contract.ts';
import type { File as FileRow } from '#server/platform/prisma/client.ts';

export function presentFile(row: Omit<FileRow, 'details'>): File {
  return {
    id: row.id,
    name: row.name,
    size: row.size,
    mimeType: row.mimeType,
    status: row.status as File['status'],
    ...(row.error === null ? {} : { error: row.error as { code: string; message: string } }),
    ...(row.pages === null ? {} : { pages: row.pages }),
    ...(row.rows === null ? {} : { rows: row.rows }),
    ...(row.progress === null || row.status !== 'parsing' ? {} : { progress: row.progress }),
    createdAt: row.createdAt.toISOString(),
    ...(row.deletedAt === null ? {} : { deletedAt: row.deletedAt.toISOString() }),
  };
}
