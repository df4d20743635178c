import { useLocation } from '@remix-run/react';
import { startTransition, useCallback, useEffect, useMemo, useState } from 'react';
import type { Activity, News } from '#server/conversations/contract.ts';
import { callApi } from '#app/components/api.ts';

/** While something is at work, and while nothing is: another device or a program may send something. */
const ASK_AGAIN_MS = 4_000;
const LOOK_AGAIN_MS = 10_000;

export type Marks = { busy: ReadonlySet<string>; unread: ReadonlySet<string>; newest: News['newest'] };

/**
 * Which conversations are at work and which are unread, and what was sent last in the open one: asked again while the page is in
 * view, and when it comes into view. What finishes in the conversation that is in view is read.
 */
export function useActivity(loaded: Activity): Marks {
  const [data, setData] = useState<News | null>(null);
  const { pathname } = useLocation();
  const load = useCallback(() => {
    // What could not be read now is read the next time.
    readNews(conversationAt(pathname)?.id).then(
      (news) => startTransition(() => setData(news)),
      () => undefined,
    );
  }, [pathname]);
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
    const timer = setInterval(ask, any ? ASK_AGAIN_MS : LOOK_AGAIN_MS);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [any, load]);

  const open = conversationAt(pathname);
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
  const newest = data?.newest ?? null;
  return useMemo(
    () => ({ busy: new Set(shown.busy), unread: new Set(shown.unread.filter((id) => id !== openId)), newest }),
    [shown, openId, newest],
  );
}

/** Not by a fetcher: a reload of the page breaks its load off, which ends as an error that nobody can catch. */
async function readNews(openId: string | undefined): Promise<News> {
  const response = await fetch(openId === undefined ? '/activity' : `/activity?open=${openId}`, {
    credentials: 'same-origin',
    headers: { Accept: 'application/json' },
    // Or a tab that was signed out elsewhere would have the sign-in page made each time it asks.
    redirect: 'manual',
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as News;
}

/** The room or direct chat of a page, and its path in the API. */
function conversationAt(pathname: string): { id: string; path: string } | null {
  const [, kind, id] = /^\/(rooms|direct)\/([0-9a-f-]{36})$/u.exec(pathname) ?? [];
  if (kind === undefined || id === undefined) return null;
  return { id, path: `/${kind === 'rooms' ? 'rooms' : 'direct-sessions'}/${id}` };
}
