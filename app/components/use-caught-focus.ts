import { useEffect } from 'react';
import { catchFocus } from '#app/components/ui/focus-trail.ts';

/** The focus is not lost when what it was on goes with a change of these. A finger has no focus to lose. */
export function useCaughtFocus(...changes: unknown[]): void {
  useEffect(() => {
    if (!window.matchMedia('(pointer: coarse)').matches) catchFocus();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- whoever calls it says what it depends on
  }, changes);
}
