import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';

const GIVE_UP_MS = 120_000;
const SQLITE_BUSY = 5;

/**
 * One process at a time, on one machine. The lock is SQLite's on an empty database file: an operating system's lock, which
 * Node offers in no other way, and which is gone the moment its holder is, however it ended. A file with a process id in it
 * would be wrong after a kill in a container, where everyone is process 1.
 */
export async function withFolderLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    await acquire(file, path);
    return await work();
  } finally {
    file.close();
  }
}

async function acquire(file: DatabaseSync, path: string): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    try {
      file.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      if (!(error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)) throw error;
    }
    if (Date.now() > deadline) throw new Error(`Another process has held ${path} for two minutes. Is it stuck?`);
    await sleep(50);
  }
}
