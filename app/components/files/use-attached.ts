import { startTransition, useCallback, useEffect, useState } from 'react';

/** The files that go with the message that is being written, kept in this browser per conversation as the draft is. */
export function useAttached(conversationId: string) {
  const key = `attached:${conversationId}`;
  const [ids, setIds] = useState<readonly string[]>([]);
  useEffect(() => {
    // The server doesn't know the draft, so hydration starts without. Much of the page hangs on it and is not awake yet.
    startTransition(() => setIds((known) => sameOr(known, read(key))));
  }, [key]);
  const change = useCallback(
    (next: (known: readonly string[]) => readonly string[]) =>
      setIds((known) => {
        const changed = next(known);
        write(key, changed);
        return changed;
      }),
    [key],
  );
  const attach = useCallback(
    (id: string) => change((known) => (known.includes(id) ? known : [...known, id])),
    [change],
  );
  const detach = useCallback((id: string) => change((known) => known.filter((other) => other !== id)), [change]);
  const clear = useCallback(() => change(() => []), [change]);
  return { ids, attach, detach, clear };
}

function sameOr(known: readonly string[], read: readonly string[]): readonly string[] {
  return known.join() === read.join() ? known : read;
}

function read(key: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function write(key: string, ids: readonly string[]): void {
  try {
    if (ids.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(ids));
  } catch {
    // Storage can be switched off or full.
  }
}
