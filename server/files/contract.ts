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
    /** Of a table. */
    rows: z.int().optional(),
    /** Per cent that is read, while it is being read and where that is known. */
    progress: z.int().min(0).max(100).optional(),
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
  /**
   * Where it is given the bytes may come in pieces of at most so many, each a PUT with `Content-Range: bytes 0-99/1000`. It
   * is answered 202 `{received}` until the last one. A star in the place of the range, without a body, asks how many arrived.
   */
  pieceBytes: z.int().optional(),
});
export const ZCreatedFile = z.object({ file: ZFile, upload: ZUpload });
/** A page of a PDF, a section of a document, a run of rows of a table, as agents read it. */
export const ZFilePage = z.object({ number: z.int(), title: z.string(), text: z.string() }).meta({ id: 'FilePage' });
export type FilePage = z.infer<typeof ZFilePage>;

/** What an agent saw of a file, or was denied. */
export const ZFileAccess = z
  .object({
    id: z.uuid(),
    turnId: z.uuid(),
    stepId: z.uuid().nullable(),
    agentName: z.string().nullable(),
    action: z.enum(['list', 'read', 'search', 'query']),
    pages: z.array(z.int()).nullable(),
    allowed: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'FileAccess' });
export type FileAccess = z.infer<typeof ZFileAccess>;

export type CreatedFile = z.infer<typeof ZCreatedFile>;
