import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

/** How far above what is seen older messages are fetched, so that a reader who scrolls up meets no end. */
const AHEAD = '3200px';

/** React complains on the server, where nothing is laid out. */
const useBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/**
 * Fetches older messages when the reader comes near the first one, and keeps what is read in its place when they arrive:
 * `first` is the id of the first turn that is shown.
 */
export function useOlderOnScroll(
  scroller: RefObject<HTMLElement | null>,
  sentinel: RefObject<HTMLElement | null>,
  first: string | null,
  more: (() => void) | null,
): void {
  const latest = useRef(more);
  useEffect(() => {
    latest.current = more;
  });
  const near = more !== null;
  useEffect(() => {
    const mark = sentinel.current;
    if (!near || !mark) return;
    const observer = new IntersectionObserver(
      (entries) => {
        // A conversation that is shorter than its window has its button.
        const root = scroller.current;
        if (root && root.scrollHeight > root.clientHeight && entries.some(({ isIntersecting }) => isIntersecting))
          latest.current?.();
      },
      { root: scroller.current, rootMargin: `${AHEAD} 0px 0px 0px` },
    );
    observer.observe(mark);
    return () => observer.disconnect();
    // Again after each page: the mark may still be near.
  }, [scroller, sentinel, near, first]);

  const before = useRef<{ first: string | null; height: number; top: number } | null>(null);
  useBeforePaint(() => {
    const root = scroller.current;
    if (!root) return;
    const known = before.current;
    // The browser's own anchoring does nothing at the very top.
    if (known && known.first !== first && known.top < 1 && root.scrollTop < 1) {
      root.scrollBy({ top: root.scrollHeight - known.height, behavior: 'instant' });
    }
    before.current = { first, height: root.scrollHeight, top: root.scrollTop };
  }, [scroller, first]);
  useEffect(() => {
    const root = scroller.current;
    if (!root) return;
    const remember = () => {
      if (before.current) before.current = { ...before.current, height: root.scrollHeight, top: root.scrollTop };
    };
    root.addEventListener('scroll', remember, { passive: true });
    return () => root.removeEventListener('scroll', remember);
  }, [scroller]);
}
