import { useCallback, useEffect, useRef, useState } from 'react';
import type { File as StoredFile } from '#server/files/contract.ts';
import { callApi } from '#app/components/api.ts';

export type FilePage = { items: StoredFile[]; nextCursor: string | null };

const PAGE = 50;
const SOON_MS = 900;
const LATER_MS = 5_000;

/**
 * The files of a conversation as the server knows them. It is asked again while one of them is being read, or is on its way
 * from somewhere else. `mine` are on their way from this page, which knows better.
 */
export function useFileList(home: string, loaded: FilePage, mine: ReadonlySet<string>) {
  const [list, setList] = useState(loaded);
  const [deleted, setDeleted] = useState<readonly StoredFile[]>([]);
  const asked = useRef(0);

  const refresh = useCallback(async () => {
    const number = (asked.current += 1);
    const [page, gone] = await Promise.all([
      callApi<FilePage>('GET', `${home}/files?limit=${PAGE}`),
      callApi<FilePage>('GET', `${home}/files?limit=${PAGE}&deleted=true`),
    ]).catch(() => [null, null]);
    if (!page || !gone || number !== asked.current) return;
    setList((known) => ({ items: withOlder(page, known), nextCursor: page.nextCursor && known.nextCursor }));
    setDeleted(gone.items);
  }, [home]);

  const more = useCallback(async () => {
    if (list.nextCursor === null) return;
    const cursor = encodeURIComponent(list.nextCursor);
    const page = await callApi<FilePage>('GET', `${home}/files?limit=${PAGE}&cursor=${cursor}`).catch(() => null);
    if (page) setList((known) => ({ items: [...known.items, ...page.items], nextCursor: page.nextCursor }));
  }, [home, list.nextCursor]);

  const put = useCallback((file: StoredFile) => {
    setList((known) => ({ ...known, items: [file, ...known.items.filter(({ id }) => id !== file.id)] }));
  }, []);

  const reading = list.items.some(({ status }) => status === 'parsing');
  const elsewhere = list.items.some(({ id, status }) => status === 'uploading' && !mine.has(id));
  useEffect(() => {
    if (!reading && !elsewhere) return;
    const timer = setInterval(() => document.hidden || void refresh(), reading ? SOON_MS : LATER_MS);
    return () => clearInterval(timer);
  }, [reading, elsewhere, refresh]);

  return { files: list.items, deleted, refresh, put, more: list.nextCursor === null ? null : more };
}

/** The newest page is what it is now; what was loaded behind it stays. */
function withOlder(page: FilePage, known: FilePage): StoredFile[] {
  const last = page.items.at(-1);
  if (page.nextCursor === null || !last) return page.items;
  return [...page.items, ...known.items.filter(({ id }) => id < last.id)];
}
