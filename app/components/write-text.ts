import type { RefObject } from 'react';
import { flushSync } from 'react-dom';

/**
 * Puts a text into a field that React holds, with the caret where it belongs, at once: whoever types on must not type past
 * the caret.
 */
export function writeText(field: RefObject<HTMLTextAreaElement>, caret: number, write: () => void): void {
  flushSync(write);
  field.current?.focus();
  field.current?.setSelectionRange(caret, caret);
}
