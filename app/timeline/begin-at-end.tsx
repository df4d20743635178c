import { useContext } from 'react';
import { NonceContext } from '#app/nonce.ts';

const BEGIN_AT_END =
  '{ const scroller = document.querySelector("[data-timeline]"); if (scroller) scroller.scrollTop = scroller.scrollHeight; }';

/**
 * A page from the server begins at its conversation's end, long before its scripts are there. Stands after everything that
 * the timeline shares the window with: what it is scrolled to must not be laid out again.
 */
export function BeginAtEnd() {
  const nonce = useContext(NonceContext);
  return <script suppressHydrationWarning nonce={nonce} dangerouslySetInnerHTML={{ __html: BEGIN_AT_END }} />;
}
