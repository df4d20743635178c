import { useCallback, useEffect, useRef, useState } from 'react';
import type { CreatedFile, File as StoredFile } from '#server/files/contract.ts';
import { ApiProblem, callApi } from '#app/components/api.ts';
import { AddressExpired, ConnectionLost, sendBytes } from '#app/components/files/send-bytes.ts';
import { findUploads, forgetUpload, keepUpload, type StoredUpload } from '#app/components/files/upload-store.ts';
import { requestKey } from '#app/components/request-key.ts';

/** One file on its way into a conversation. Once the server has all of it, it is one of the files. */
export type Upload = {
  key: string;
  name: string;
  size: number;
  attach: boolean;
  state: 'waiting' | 'sending' | 'paused' | 'failed';
  /** From 0 to 1: how much of it was sent. */
  progress: number;
  error: string | null;
  canRetry: boolean;
  /** Null until the server knows of it. */
  fileId: string | null;
};

const AT_ONCE = 3;
const MAX_WAIT_MS = 15_000;

type Job = { stored: StoredUpload; abort: AbortController };

/**
 * Uploads to `home`, a few at a time. What breaks off goes on by itself: when the connection is back, and when the page is
 * opened again; where the storage takes pieces, from where it stopped. `onArrived` hears of a file that the server has.
 */
export function useUploads(home: string, onArrived: (file: StoredFile, attach: boolean) => void) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const arrived = useRef(onArrived);
  useEffect(() => void (arrived.current = onArrived));

  const queue = useRef<ReturnType<typeof createQueue> | null>(null);
  useEffect(() => {
    const opened = createQueue(home, setUploads, (file, attach) => arrived.current(file, attach));
    queue.current = opened;
    opened.open();
    return () => {
      queue.current = null;
      opened.close();
    };
  }, [home]);

  const add = useCallback((sources: Iterable<File>, attach: boolean) => queue.current?.add(sources, attach), []);
  const cancel = useCallback((key: string) => queue.current?.cancel(key), []);
  const retry = useCallback((key: string) => queue.current?.retry(key), []);
  return { uploads, add, cancel, retry };
}

type SetUploads = (change: (known: readonly Upload[]) => readonly Upload[]) => void;

function createQueue(home: string, setUploads: SetUploads, onArrived: (file: StoredFile, attach: boolean) => void) {
  const jobs = new Map<string, Job>();
  const waiting: string[] = [];
  let running = 0;
  let closed = false;

  const change = (key: string, patch: Partial<Upload>) =>
    setUploads((known) => known.map((upload) => (upload.key === key ? { ...upload, ...patch } : upload)));
  const drop = (key: string) => {
    jobs.delete(key);
    setUploads((known) => known.filter((upload) => upload.key !== key));
    void forgetUpload(key);
  };

  function enter(stored: StoredUpload): void {
    const { key, source, attach, created } = stored;
    const { name, size } = source;
    const fileId = created?.file.id ?? null;
    jobs.set(key, { stored, abort: new AbortController() });
    setUploads((known) => [
      ...known,
      { key, name, size, attach, state: 'waiting', progress: 0, error: null, canRetry: true, fileId },
    ]);
    waiting.push(key);
    next();
  }

  function next(): void {
    while (!closed && running < AT_ONCE) {
      const key = waiting.shift();
      if (key === undefined) return;
      const job = jobs.get(key);
      if (!job) continue;
      running += 1;
      void alone(key, () => run(job)).finally(() => {
        running -= 1;
        next();
      });
    }
  }

  async function run({ stored, abort: { signal } }: Job): Promise<void> {
    const { key, attach } = stored;
    change(key, { state: 'sending', error: null });
    try {
      const file = await bring(stored, signal, (patch) => change(key, patch));
      drop(key);
      onArrived(file, attach);
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof ApiProblem ? error : new ApiProblem(0, {});
      // It was called off in another window.
      if (problem.status === 404) return drop(key);
      const fileId = stored.created?.file.id;
      stored.created = null;
      if (fileId !== undefined) await callApi('DELETE', `/files/${fileId}`).catch(() => undefined);
      void forgetUpload(key);
      const canRetry = problem.code !== 'file_too_large' && problem.code !== 'unsupported_file_type';
      change(key, { state: 'failed', error: problem.message, canRetry, fileId: null });
    }
  }

  return {
    add(sources: Iterable<File>, attach: boolean): void {
      for (const source of sources) {
        const stored = { key: requestKey(), home, source, attach, createdAt: Date.now(), created: null };
        void keepUpload(stored);
        enter(stored);
      }
    },
    cancel(key: string): void {
      const job = jobs.get(key);
      job?.abort.abort();
      drop(key);
      const fileId = job?.stored.created?.file.id;
      if (fileId !== undefined) void callApi('DELETE', `/files/${fileId}`).catch(() => undefined);
    },
    retry(key: string): void {
      const job = jobs.get(key);
      if (!job || waiting.includes(key)) return;
      jobs.set(key, { stored: job.stored, abort: new AbortController() });
      void keepUpload(job.stored);
      change(key, { state: 'waiting', progress: 0, error: null });
      waiting.push(key);
      next();
    },
    /** Goes on with what an earlier page left. */
    open(): void {
      void findUploads(home).then((found) => {
        if (!closed) found.filter(({ key }) => !jobs.has(key)).forEach(enter);
      });
    },
    /** The page is left: what is on its way stays in this browser. */
    close(): void {
      closed = true;
      jobs.forEach(({ abort }) => abort.abort());
      jobs.clear();
      waiting.length = 0;
      setUploads(() => []);
    },
  };
}

/** From announced to taken over, however often the connection breaks in between. */
async function bring(
  stored: StoredUpload,
  signal: AbortSignal,
  tell: (patch: Partial<Upload>) => void,
): Promise<StoredFile> {
  for (let attempt = 0; ;) {
    try {
      const { file, upload } = (stored.created ??= await announce(stored));
      signal.throwIfAborted();
      await keepUpload(stored);
      tell({ fileId: file.id });
      await sendBytes({
        upload,
        source: stored.source,
        signal,
        onProgress: (progress) => {
          attempt = 0;
          tell({ progress, state: 'sending' });
        },
      });
      return await complete(file);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AddressExpired) {
        stored.created = null;
      } else if (error instanceof ConnectionLost || (error instanceof ApiProblem && mayPass(error))) {
        tell({ state: 'paused' });
        await connectionBack(signal, attempt);
        attempt += 1;
      } else throw error;
    }
  }
}

function mayPass({ status }: ApiProblem): boolean {
  return status === 0 || status === 429 || status >= 500;
}

async function announce({ home, source }: StoredUpload): Promise<CreatedFile> {
  const { name, size, type: mimeType } = source;
  return callApi<CreatedFile>('POST', `${home}/files`, { body: { name, size, mimeType } });
}

/** A type that the content doesn’t have is told by the file itself, as everything that is wrong inside. */
async function complete(file: StoredFile): Promise<StoredFile> {
  try {
    return (await callApi<{ file: StoredFile }>('POST', `/files/${file.id}/complete`)).file;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.code === 'conflict') throw new AddressExpired();
    if (error.code !== 'unsupported_file_type') throw error;
    return { ...file, status: 'failed', error: { code: error.code, message: error.message } };
  }
}

/** Resolves when the browser says that it is online, or after a while that grows. */
async function connectionBack(signal: AbortSignal, attempt: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(MAX_WAIT_MS, 1000 * 2 ** attempt));
    window.addEventListener('online', done);
    signal.addEventListener('abort', done, { once: true });
  });
  signal.throwIfAborted();
}

/** Two windows of one conversation don’t bring the same file twice. */
async function alone(key: string, work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work();
  await navigator.locks.request(`pantheon-upload-${key}`, work);
}
