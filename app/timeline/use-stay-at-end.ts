import { createContext, useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { BegunAtEnd } from '#app/timeline/begin-at-end.tsx';

/** For what grows because its reader asked for it. */
export const LeaveEnd = createContext(() => {});

/** Pixels from the end that still count as there. */
const NEAR = 70;
/** By then a turn of the wheel has begun to scroll what it scrolls. */
const WHEEL_MS = 200;

/**
 * Keeps what grows at its end in view while its reader is there. Who scrolls up has left the end, and is back when scrolled down
 * to it. The end is gone to where the growth is noticed, after it was laid out and before it is painted: nothing is measured
 * in between, and no frame shows it half.
 */
export function useStayAtEnd(
  scroller: RefObject<HTMLElement>,
  content: RefObject<HTMLElement>,
): { atEnd: boolean; goToEnd: () => void; leaveEnd: () => void } {
  const [atEnd, setAtEnd] = useState(true);
  const stays = useRef(true);
  const set = useCallback((next: boolean) => {
    stays.current = next;
    setAtEnd(next);
  }, []);
  const goToEnd = useCallback(() => {
    set(true);
    scrollToEnd(scroller);
  }, [scroller, set]);

  useEffect(() => {
    const root = scroller.current;
    const inner = content.current;
    if (!root || !inner) return;
    let top = root.scrollTop;
    let marking = false;
    const fromEnd = () => root.scrollHeight - root.clientHeight - root.scrollTop;
    const { begun, left } = root as BegunAtEnd;
    begun?.disconnect();
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the server doesn't know where its reader is
    if (left && fromEnd() > NEAR) set(false);

    const grown = new ResizeObserver(() => {
      if (stays.current && !(marking && marksTextIn(root))) {
        scrollToEnd(scroller);
      }
      top = root.scrollTop;
    });
    grown.observe(root);
    grown.observe(inner);

    const onScroll = () => {
      const before = top;
      top = root.scrollTop;
      if (top < before) set(fromEnd() < 1);
      else if (top > before && !stays.current && fromEnd() < NEAR) set(true);
    };
    // Before the browser scrolls: a text that grows meanwhile would take the reader back.
    const onWheel = ({ deltaY }: WheelEvent) => {
      if (deltaY >= 0 || root.scrollTop <= 0) return;
      set(false);
      // Unless it scrolled something else.
      setTimeout(() => fromEnd() < 1 && set(true), WHEEL_MS);
    };
    const onPress = ({ pointerType }: PointerEvent) => (marking = pointerType === 'mouse');
    const onRelease = () => (marking = false);
    root.addEventListener('scroll', onScroll, { passive: true });
    root.addEventListener('wheel', onWheel, { passive: true });
    root.addEventListener('pointerdown', onPress);
    window.addEventListener('pointerup', onRelease);
    return () => {
      grown.disconnect();
      root.removeEventListener('scroll', onScroll);
      root.removeEventListener('wheel', onWheel);
      root.removeEventListener('pointerdown', onPress);
      window.removeEventListener('pointerup', onRelease);
    };
  }, [scroller, content, set]);

  return { atEnd, goToEnd, leaveEnd: useCallback(() => set(false), [set]) };
}

function scrollToEnd({ current }: RefObject<HTMLElement>): void {
  current?.scrollTo({ top: current.scrollHeight, behavior: 'instant' });
}

/** What is being marked must not move away under the mouse. */
function marksTextIn(root: HTMLElement): boolean {
  const selection = window.getSelection();
  return selection?.type === 'Range' && root.contains(selection.anchorNode);
}
