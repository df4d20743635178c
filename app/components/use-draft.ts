import { useCallback, useEffect, useState, type RefObject } from 'react';

/**
 * A message that is being written, kept in this browser per conversation until it is sent. What its field already holds was
 * written before the page was awake.
 */
export function useDraft(
  conversationId: string,
  field: RefObject<HTMLTextAreaElement>,
): [string, (text: string) => void] {
  const key = `draft:${conversationId}`;
  const [text, setText] = useState('');
  useEffect(() => {
    const early = field.current?.value ?? '';
    if (early !== '') write(key, early);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the server doesn't know the draft, so hydration starts without
    setText(read(key));
  }, [key, field]);
  const change = useCallback(
    (next: string) => {
      setText(next);
      write(key, next);
    },
    [key],
  );
  return [text, change];
}

/** Storage can be switched off or full; a draft is a comfort, not a promise. */
function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function write(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // As above.
  }
}
