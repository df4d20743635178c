import type { CreatedFile } from '#server/files/contract.ts';

/** An upload as this browser keeps it, so that a page that was reloaded goes on with it. */
export type StoredUpload = {
  key: string;
  /** Where it belongs in the API: `/rooms/…` or `/direct-sessions/…`. */
  home: string;
  source: File;
  /** It goes with the message that is being written. */
  attach: boolean;
  createdAt: number;
  /** Null until the server knows of it. */
  created: CreatedFile | null;
};

const NAME = 'pantheon-uploads';
const STORE = 'uploads';
/** What nobody came back for is forgotten. */
const MAX_AGE_MS = 24 * 3_600_000;

/** Keeping them is a comfort, not a promise: a browser without room for it only uploads while the page is open. */
export async function keepUpload(upload: StoredUpload): Promise<void> {
  await withStore('readwrite', (store) => store.put(upload)).catch(() => undefined);
}

export async function forgetUpload(key: string): Promise<void> {
  await withStore('readwrite', (store) => store.delete(key)).catch(() => undefined);
}

/** Those of one conversation, oldest first. */
export async function findUploads(home: string): Promise<StoredUpload[]> {
  const all = await withStore<StoredUpload[]>('readonly', (store) => store.getAll()).catch(() => []);
  const old = all.filter(({ createdAt }) => createdAt < Date.now() - MAX_AGE_MS);
  for (const { key } of old) await forgetUpload(key);
  return all
    .filter((upload) => upload.home === home && !old.includes(upload))
    .sort((a, b) => a.createdAt - b.createdAt);
}

async function withStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'key' });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(new Error('This browser keeps nothing.'));
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      const asked = work(database.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result as T);
      asked.onerror = () => reject(new Error('This browser did not keep it.'));
    });
  } finally {
    database.close();
  }
}
