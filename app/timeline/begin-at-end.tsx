import { useContext } from 'react';
import { NonceContext } from '#app/nonce.ts';

/** The timeline's scroller until its scripts are there: `begun` keeps it at its end, `left` says that its reader scrolled up. */
export type BegunAtEnd = HTMLElement & { begun?: ResizeObserver; left?: boolean };

const BEGIN_AT_END = `{
  const scroller = document.querySelector("[data-timeline]");
  if (scroller) {
    const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };
    toEnd();
    const begun = scroller.begun = new ResizeObserver(toEnd);
    begun.observe(scroller.firstElementChild);
    const leave = () => { scroller.left = true; begun.disconnect(); };
    for (const by of ["wheel", "touchmove", "keydown"]) scroller.addEventListener(by, leave, { once: true, passive: true });
  }
}`;

/**
 * A page from the server begins at its conversation's end, long before its scripts are there, and stays there while its pieces
 * are laid out. Stands after everything that the timeline shares the window with: what it is scrolled to must not be laid out
 * again.
 */
export function BeginAtEnd() {
  const nonce = useContext(NonceContext);
  return <script suppressHydrationWarning nonce={nonce} dangerouslySetInnerHTML={{ __html: BEGIN_AT_END }} />;
}
