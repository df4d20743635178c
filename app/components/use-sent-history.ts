import { useState, type KeyboardEvent } from 'react';

/**
 * What was sent before, by arrow up in an empty field, newest first; arrow down comes back. A text that was changed is a
 * text of one's own: the arrows move in it again. `onOldest`: what was sent earlier can be fetched now.
 */
export function useSentHistory(
  sent: readonly string[],
  text: string,
  onText: (text: string) => void,
  onOldest: (() => void) | null,
) {
  const [place, setPlace] = useState<number | null>(null);
  const shown = place === null ? '' : (sent[sent.length - 1 - place] ?? '');
  return (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return false;
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false;
    if (text !== '' && text !== shown) return false;
    const from = text === '' ? -1 : (place ?? -1);
    const next = event.key === 'ArrowUp' ? Math.min(from + 1, sent.length - 1) : from - 1;
    if (event.key === 'ArrowUp' && next === sent.length - 1) onOldest?.();
    if (next === from || (from === -1 && next < 0)) return false;
    event.preventDefault();
    setPlace(next < 0 ? null : next);
    onText(next < 0 ? '' : (sent[sent.length - 1 - next] ?? ''));
    return true;
  };
}
