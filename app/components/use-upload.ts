import { useCallback, useEffect, useRef, useState } from 'react';
import { ZCreatedFile, ZFile, type File as RoomFile } from '#server/files/contract.ts';

/** One file on its way into a conversation. */
export type Upload = {
  /** The page's own name for it, from before the server has one. */
  key: string;
  name: string;
  size: number;
  state: 'uploading' | 'parsing' | 'ready' | 'failed' | 'cancelled';
  /** From 0 to 1: how much of it was sent. */
  progress: number;
  error: string | null;
  file: RoomFile | null;
};

type Running = { source: File; abort: AbortController };

const POLL_MS = 700;

/**
 * Uploads files to `…/files` of a room or a direct chat: `add` starts at once, `cancel` stops (and deletes what is there),
 * `retry` begins anew, `remove` forgets. A file is done when it is `ready`.
 */
export function useUpload(filesPath: string) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const running = useRef(new Map<string, Running>());

  const change = useCallback((key: string, patch: Partial<Upload>) => {
    setUploads((known) => known.map((upload) => (upload.key === key ? { ...upload, ...patch } : upload)));
  }, []);

  const start = useCallback(
    async (key: string, source: File) => {
      const abort = new AbortController();
      running.current.set(key, { source, abort });
      try {
        const file = await send(filesPath, source, abort.signal, (patch) => change(key, patch));
        change(key, { state: file.status === 'ready' ? 'ready' : 'failed', file, error: file.error?.message ?? null });
      } catch (error) {
        if (abort.signal.aborted) change(key, { state: 'cancelled', error: null });
        else change(key, { state: 'failed', error: error instanceof Error ? error.message : 'The upload failed.' });
      }
    },
    [filesPath, change],
  );

  useEffect(() => {
    const started = running.current;
    return () => started.forEach(({ abort }) => abort.abort());
  }, []);

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const source of files) {
        const key = crypto.randomUUID();
        const { name, size } = source;
        setUploads((known) => [
          ...known,
          { key, name, size, state: 'uploading', progress: 0, error: null, file: null },
        ]);
        void start(key, source);
      }
    },
    [start],
  );

  const cancel = useCallback((key: string) => running.current.get(key)?.abort.abort(), []);

  const retry = useCallback(
    (key: string) => {
      const source = running.current.get(key)?.source;
      if (!source) return;
      change(key, { state: 'uploading', progress: 0, error: null, file: null });
      void start(key, source);
    },
    [change, start],
  );

  const remove = useCallback((key: string) => {
    running.current.get(key)?.abort.abort();
    running.current.delete(key);
    setUploads((known) => known.filter((upload) => upload.key !== key));
  }, []);

  return { uploads, add, cancel, retry, remove };
}

async function send(
  filesPath: string,
  source: File,
  signal: AbortSignal,
  tell: (patch: Partial<Upload>) => void,
): Promise<RoomFile> {
  const { name, size, type: mimeType } = source;
  const created = ZCreatedFile.parse(await ask(filesPath, signal, 'POST', { name, size, mimeType }));
  const { file, upload } = created;
  tell({ file });
  const withdraw = () => void fetch(`/api/v1/files/${file.id}`, { method: 'DELETE' }).catch(() => undefined);
  signal.addEventListener('abort', withdraw, { once: true });
  await put(upload, source, signal, (progress) => tell({ progress }));
  await ask(`/api/v1/files/${file.id}/complete`, signal, 'POST');
  tell({ state: 'parsing', progress: 1 });
  for (;;) {
    const found = ZFile.parse(await ask(`/api/v1/files/${file.id}`, signal, 'GET'));
    if (found.status !== 'parsing') {
      signal.removeEventListener('abort', withdraw);
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** By XMLHttpRequest: fetch doesn't tell how much was sent. */
function put(
  { url, headers }: { url: string; headers: Record<string, string> },
  source: File,
  signal: AbortSignal,
  onProgress: (progress: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new Error('The storage did not take the file. Try again.'));
    request.onerror = () => reject(new Error('The connection broke. Try again.'));
    request.onabort = () => reject(new Error('The upload was cancelled.'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(source);
  });
}

async function ask(path: string, signal: AbortSignal, method: string, body?: unknown): Promise<unknown> {
  const response = await fetch(path, {
    method,
    signal,
    ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const detail = typeof answer === 'object' && answer !== null && 'detail' in answer ? answer.detail : null;
  throw new Error(typeof detail === 'string' ? detail : 'The upload failed. Try again.');
}
