import { RemixBrowser } from '@remix-run/react';
import { startTransition, StrictMode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { readLoadsWhole } from '#app/read-loads-whole.ts';

readLoadsWhole();

// Only built pages: while developing it would show what was.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}

// Only where the server names a place to report to: no other page loads any of it.
const { sentryDsn, requestId } = document.documentElement.dataset;
if (sentryDsn)
  void import('#app/report-errors.ts').then(({ reportErrors }) => reportErrors({ dsn: sentryDsn, requestId }));

startTransition(() => {
  // What is pressed until here is early-press.js’s to press again.
  performance.mark('listening');
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
    { onRecoverableError: (error) => isDrawnAnew(error) || reportError(error) },
  );
});

/**
 * RemixBrowser hands a new context down with every change of the address, not as a transition: what is not awake yet is then
 * drawn anew instead of being hydrated (React's error 421). Nobody sees a difference, and nobody can mend one.
 */
function isDrawnAnew(error: unknown): boolean {
  return error instanceof Error && /#421|received an update before it finished hydrating/.test(error.message);
}
