import { useMatches } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import { useReload } from '#app/components/use-reload.ts';

/** `back` is said for a moment, once the page shows what happened meanwhile. */
export type PageConnection = 'online' | 'offline' | 'reconnecting' | 'back';

/** What the page shows may be older than this before it is loaded anew when someone looks at it again. */
const STALE_MS = 30_000;
const BACK_MS = 4_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
const PROBE_MS = 8_000;

/**
 * Keeps a page true to the server: after the device was offline, slept, or its tab was out of sight for long, the page's data
 * are loaded anew, once the server answers; what runs goes on by its own stream (use-turn-events.ts). Says only what is known.
 */
export function useConnection(): PageConnection {
  const [state, setState] = useState<PageConnection>('online');
  const reload = useReload();
  const loaded = useMatches();
  const freshAt = useRef(0);
  const awaited = useRef(false);
  useEffect(() => {
    freshAt.current = Date.now();
    if (!awaited.current) return;
    awaited.current = false;
    setState((now) => (now === 'reconnecting' ? 'back' : now));
  }, [loaded]);

  useEffect(() => {
    if (state !== 'back') return;
    const timer = setTimeout(() => setState((now) => (now === 'back' ? 'online' : now)), BACK_MS);
    return () => clearTimeout(timer);
  }, [state]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;

    /** Loads anew once the server answers; `quietly` says nothing unless it does not answer. */
    async function comeBack(quietly: boolean, pause = FIRST_RETRY_MS): Promise<void> {
      if (asking) return;
      clearTimeout(timer);
      if (hasNoNetwork()) return setState('offline');
      if (!quietly) setState('reconnecting');
      asking = true;
      const answers = await isThere();
      asking = false;
      if (hasNoNetwork()) return setState('offline');
      if (answers) {
        awaited.current = true;
        reload();
      } else {
        setState('reconnecting');
        timer = setTimeout(() => void comeBack(false, Math.min(pause * 2, LONGEST_RETRY_MS)), pause);
      }
    }

    const onOffline = () => setState('offline');
    const onOnline = () => void comeBack(false);
    const onSight = () => {
      if (!document.hidden && Date.now() - freshAt.current > STALE_MS) void comeBack(true);
    };
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (persisted) void comeBack(true);
    };
    if (hasNoNetwork()) onOffline();
    window.addEventListener('offline', onOffline);
    window.addEventListener('online', onOnline);
    window.addEventListener('focus', onSight);
    window.addEventListener('pageshow', onShow);
    document.addEventListener('visibilitychange', onSight);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('offline', onOffline);
      window.removeEventListener('online', onOnline);
      window.removeEventListener('focus', onSight);
      window.removeEventListener('pageshow', onShow);
      document.removeEventListener('visibilitychange', onSight);
    };
  }, [reload]);

  return state;
}

/** Of the device; that it has one says nothing of the server. */
function hasNoNetwork(): boolean {
  return !navigator.onLine;
}

/** Asked before a reload: one that can't reach the server would put an error in the page's place. */
async function isThere(): Promise<boolean> {
  try {
    const response = await fetch('/readyz', { cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) });
    return response.ok;
  } catch {
    return false;
  }
}
