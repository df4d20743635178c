import { useLocation } from '@remix-run/react';
import { startTransition, useCallback, useEffect, useMemo, useState } from 'react';
import type { Activity } from '#server/conversations/contract.ts';
import { callApi } from '#app/components/api.ts';

const ASK_AGAIN_MS = 4000;

export type Marks = { busy: ReadonlySet<string>; unread: ReadonlySet<string> };

/**
 * Which conversations are at work and which are unread: asked again while any is at work, and when the page comes into view.
 * What finishes in the conversation that is in view is read.
 */
export function useActivity(loaded: Activity): Marks {
  const [data, setData] = useState<Activity | null>(null);
  const load = useCallback(() => {
    // What could not be read now is read the next time.
    readActivity().then(
      (activity) => startTransition(() => setData(activity)),
      () => undefined,
    );
  }, []);
  const [shown, setShown] = useState(loaded);
  const [given, setGiven] = useState({ loaded, data });
  if (given.loaded !== loaded || given.data !== data) {
    setGiven({ loaded, data });
    setShown(given.loaded !== loaded ? loaded : (data ?? loaded));
  }

  const any = shown.busy.length > 0;
  useEffect(() => {
    const ask = () => {
      if (!document.hidden) load();
    };
    const timer = any ? setInterval(ask, ASK_AGAIN_MS) : undefined;
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [any, load]);

  const open = conversationAt(useLocation().pathname);
  const news = open !== null && shown.unread.includes(open.id);
  const path = open?.path;
  useEffect(() => {
    if (!news || path === undefined || document.hidden) return;
    void callApi('PUT', `${path}/read`).then(
      load,
      // It stays unread; the next look at it tries again.
      () => undefined,
    );
  }, [news, path, load]);

  const openId = open?.id;
  return useMemo(
    () => ({ busy: new Set(shown.busy), unread: new Set(shown.unread.filter((id) => id !== openId)) }),
    [shown, openId],
  );
}

/** Not by a fetcher: a reload of the page breaks its load off, which ends as an error that nobody can catch. */
async function readActivity(): Promise<Activity> {
  const response = await fetch('/activity', { credentials: 'same-origin', headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as Activity;
}

/** The room or direct chat of a page, and its path in the API. */
function conversationAt(pathname: string): { id: string; path: string } | null {
  const [, kind, id] = /^\/(rooms|direct)\/([0-9a-f-]{36})$/u.exec(pathname) ?? [];
  if (kind === undefined || id === undefined) return null;
  return { id, path: `/${kind === 'rooms' ? 'rooms' : 'direct-sessions'}/${id}` };
}
