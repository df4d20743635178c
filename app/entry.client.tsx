import { RemixBrowser } from '@remix-run/react';
import { startTransition, StrictMode } from 'react';
import { hydrateRoot } from 'react-dom/client';

// Only built pages: while developing it would show what was.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}

// Only where the server names a place to report to: no other page loads any of it.
const { sentryDsn, requestId } = document.documentElement.dataset;
if (sentryDsn)
  void import('#app/report-errors.ts').then(({ reportErrors }) => reportErrors({ dsn: sentryDsn, requestId }));

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  );
});
