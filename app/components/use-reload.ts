import { useMatches, useNavigation, useRevalidator } from '@remix-run/react';
import { useCallback, useEffect, useRef } from 'react';

/**
 * Loads the page’s data again. A wish during a load is remembered, not acted on: Remix would break off the load that runs.
 * While the page is being left there is nothing to do, nor without a network, where a load would put an error in the page's
 * place: once it is back all is loaded anew (use-connection.ts).
 */
export function useReload(): () => void {
  const { revalidate, state } = useRevalidator();
  // A load that is quicker than a render never shows as one: only what it brought tells that it is over.
  const brought = useMatches();
  const navigating = useNavigation().state !== 'idle';
  const now = useRef({ revalidate, loading: state === 'loading', navigating, again: false });

  useEffect(() => {
    const { again } = now.current;
    const loading = state === 'loading';
    now.current = { revalidate, loading, navigating, again: again && (loading || navigating) };
    if (!again || loading || navigating || !navigator.onLine) return;
    now.current.loading = true;
    revalidate();
  }, [revalidate, state, navigating, brought]);

  return useCallback(() => {
    if (!navigator.onLine) return;
    if (now.current.loading || now.current.navigating) {
      now.current.again = true;
      return;
    }
    now.current.loading = true;
    now.current.revalidate();
  }, []);
}
