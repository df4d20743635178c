import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FILE_KINDS, type CreatedFile, type File, type FileKind } from '#server/files/contract.ts';
import { unexpected, type Client, type Reply } from './client.ts';

/** Where the files of tests are; `scripts` beside them say how they were made. */
export const FIXTURES = join(import.meta.dirname, '../fixtures/files');

export function homePath(to: string | { directSessionId: string }): string {
  return typeof to === 'string' ? `/rooms/${to}/files` : `/direct-sessions/${to.directSessionId}/files`;
}

export type NewUpload = { name: string; bytes: Uint8Array | string; mimeType?: string };

/** The three requests of an upload; the answer of the first one that was refused, or of the last. */
export async function upload(
  client: Client,
  to: string | { directSessionId: string },
  { name, bytes, mimeType = typeOf(name) }: NewUpload,
): Promise<Reply<{ file: File }>> {
  const body = Buffer.from(bytes);
  const created = await client.post<CreatedFile>(homePath(to), { name, size: body.length, mimeType });
  if (created.status !== 201) return created;
  const { file, upload: target } = created.body;
  const put = await fetch(target.url, { method: target.method, headers: target.headers, body });
  if (!put.ok) throw new Error(`The bytes were refused: ${put.status} ${await put.text()}`);
  return client.post<{ file: File }>(`/files/${file.id}/complete`);
}

/** Uploads, and waits until the file was read, or could not be. */
export async function uploadAndParse(...given: Parameters<typeof upload>): Promise<File> {
  const completed = await upload(...given);
  if (completed.status !== 202) throw unexpected('The upload was refused', completed);
  return waitForFile(given[0], completed.body.file.id);
}

export async function waitForFile(client: Client, fileId: string, timeoutMs = 60_000): Promise<File> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await client.get<File>(`/files/${fileId}`);
    if (found.status !== 200) throw unexpected('The file was not found', found);
    if (found.body.status !== 'parsing') return found.body;
    if (Date.now() > deadline) throw new Error(`After ${timeoutMs} ms the file is still being read.`);
    await sleep(25);
  }
}

export async function fixture(path: string): Promise<NewUpload> {
  return { name: basename(path), bytes: await readFile(join(FIXTURES, path)) };
}

export function typeOf(name: string): string {
  const kind = name.split('.').at(-1)?.toLowerCase() ?? '';
  return Object.hasOwn(FILE_KINDS, kind) ? FILE_KINDS[kind as FileKind].mimeType : 'application/octet-stream';
}
