import { useCallback, useEffect, useState } from 'react';

/** A message that is being written, kept in this browser per conversation until it is sent. */
export function useDraft(conversationId: string): [string, (text: string) => void] {
  const key = `draft:${conversationId}`;
  const [text, setText] = useState('');
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the server doesn't know the draft, so hydration starts without
    setText(read(key));
  }, [key]);
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
