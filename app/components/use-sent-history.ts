import { useState, type KeyboardEvent } from 'react';

/** The turns before those that are here; `more` is null where there are none, and another one after each page. */
export type OlderTurns = { more: (() => void) | null; loading: boolean };

/**
 * What was sent before, by arrow up in an empty field, newest first; arrow down comes back. A text that was changed is a
 * text of one's own: the arrows move in it again. At the oldest that is here, what was sent before that is fetched from `older`.
 */
export function useSentHistory(
  sent: readonly string[],
  text: string,
  onText: (text: string) => void,
  older: OlderTurns,
): {
  /** True when the key was for the history. */
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  /** The arrow has come to the oldest, and what was sent before it is on its way. */
  fetching: boolean;
} {
  const [place, setPlace] = useState<number | null>(null);
  const [asked, setAsked] = useState<OlderTurns['more']>(null);
  const shown = place === null ? '' : (sent[sent.length - 1 - place] ?? '');
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return false;
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false;
    if (text !== '' && text !== shown) return false;
    const from = text === '' ? -1 : (place ?? -1);
    const next = event.key === 'ArrowUp' ? Math.min(from + 1, sent.length - 1) : from - 1;
    if (event.key === 'ArrowUp' && next === sent.length - 1 && older.more) {
      setAsked(() => older.more);
      if (!older.loading) older.more();
    }
    if (next === from || (from === -1 && next < 0)) return false;
    event.preventDefault();
    setPlace(next < 0 ? null : next);
    onText(next < 0 ? '' : (sent[sent.length - 1 - next] ?? ''));
    return true;
  };
  // Each page of older turns has a way to it of its own.
  return { onKeyDown, fetching: older.loading && asked !== null && asked === older.more };
}
