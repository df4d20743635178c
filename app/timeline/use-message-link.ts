import { useLocation } from '@remix-run/react';
import { useEffect, useRef } from 'react';

const FLASH_MS = 1_800;

/**
 * Goes to the message that the address names (`#message-<id>`) and lets it light up. When it is older than what is loaded,
 * older messages are asked for until it is there or there are none.
 */
export function useMessageLink(shown: number, more: (() => void) | null, leaveEnd: () => void): void {
  const { hash, key } = useLocation();
  const done = useRef<string | null>(null);
  useEffect(() => {
    const wanted = `${key}${hash}`;
    if (!hash.startsWith('#message-') || done.current === wanted) return;
    const element = document.getElementById(hash.slice(1));
    if (!element) {
      more?.();
      return;
    }
    done.current = wanted;
    // After the timeline has gone to its end, as it does when it is opened.
    requestAnimationFrame(() => {
      leaveEnd();
      element.scrollIntoView({ block: 'center' });
      element.focus({ preventScroll: true });
      element.dataset['flash'] = 'true';
    });
    setTimeout(() => delete element.dataset['flash'], FLASH_MS);
  }, [hash, key, shown, more, leaveEnd]);
}
