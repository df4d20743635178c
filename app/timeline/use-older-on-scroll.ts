import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { messageAnchor } from '#app/timeline/message-actions.tsx';

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

  const before = useRef<{ first: string | null; top: number } | null>(null);
  useBeforePaint(() => {
    const root = scroller.current;
    if (!root) return;
    const known = before.current;
    // The browser's own anchoring does nothing at the very top.
    if (known && known.first !== first && root.scrollTop < 1) {
      const top = topOf(root, known.first);
      if (top !== null) root.scrollBy({ top: top - known.top, behavior: 'instant' });
    }
    before.current = { first, top: topOf(root, first) ?? 0 };
  }, [scroller, first]);
}

/** How far below the beginning of what is scrolled a turn stands; null when it isn't shown. */
function topOf(root: HTMLElement, turnId: string | null): number | null {
  const turn = turnId === null ? null : document.getElementById(messageAnchor(turnId))?.closest('[data-turn]');
  return turn ? turn.getBoundingClientRect().top - root.getBoundingClientRect().top + root.scrollTop : null;
}
