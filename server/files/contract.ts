import { z } from 'zod';

export const MAX_FILE_BYTES = 10 * 1024 * 1024;
export const MAX_ROOM_BYTES = 100 * 1024 * 1024;

/** What is read: by ending, what a browser may call it, and what it is stored as. */
export const FILE_KINDS = {
  pdf: { mimeType: 'application/pdf', also: ['application/x-pdf'] },
  docx: { mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', also: [] },
  txt: { mimeType: 'text/plain', also: [] },
  md: { mimeType: 'text/markdown', also: ['text/x-markdown', 'text/plain'] },
  csv: { mimeType: 'text/csv', also: ['application/csv', 'text/plain', 'application/vnd.ms-excel'] },
} as const satisfies Record<string, { mimeType: string; also: readonly string[] }>;
export type FileKind = keyof typeof FILE_KINDS;

export const ZFileStatus = z.enum(['uploading', 'parsing', 'ready', 'failed']);

export const ZFile = z
  .object({
    id: z.uuid(),
    name: z.string(),
    size: z.int(),
    mimeType: z.string(),
    status: ZFileStatus,
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    pages: z.int().optional(),
    createdAt: z.iso.datetime(),
    deletedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'File' });
export type File = z.infer<typeof ZFile>;

export const ZCreateFile = z.object({
  name: z.string().min(1, 'Give the file a name.').max(2_000, 'The name is too long.'),
  size: z.int('Say how many bytes the file has.').min(0, 'Say how many bytes the file has.'),
  mimeType: z.string().max(200, 'This is no media type.'),
});
export type CreateFile = z.infer<typeof ZCreateFile>;

export const ZUpload = z.object({
  url: z.url(),
  method: z.literal('PUT'),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
export const ZCreatedFile = z.object({ file: ZFile, upload: ZUpload });
export type CreatedFile = z.infer<typeof ZCreatedFile>;
