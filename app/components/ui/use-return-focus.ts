import { useRef } from 'react';
import { rememberFocus } from '#app/components/ui/focus-trail.ts';

/** Radix gives the focus back to its own trigger; what is opened from elsewhere, or from a menu, has none. */
export function useReturnFocus() {
  const giveBack = useRef<(() => void) | null>(null);
  return {
    remember: () => {
      giveBack.current = rememberFocus();
    },
    giveBack: (event: Event) => {
      event.preventDefault();
      giveBack.current?.();
    },
  };
}
