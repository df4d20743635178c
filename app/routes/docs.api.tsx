import type { MetaFunction } from '@remix-run/node';
import { Link } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import redocUrl from 'virtual:redoc-url';
import { ErrorPage } from '#app/components/error-page.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Logo } from '#app/components/logo.tsx';
import { Spinner } from '#app/components/ui/spinner.tsx';
import { openReference } from '#app/components/reference/open-reference.ts';

export const meta: MetaFunction = () => [{ title: 'API reference · Pantheon' }];

/** The API’s own description, made readable. The reader is large and comes only with this page. */
export default function ApiReference() {
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  useEffect(() => {
    const { current } = place;
    if (!current) return;
    return openReference(current, redocUrl, setState);
  }, []);
  return (
    <div className="min-h-dvh bg-surface">
      <header className="sticky top-0 z-10 flex h-14 items-center gap-4 border-b border-line bg-canvas px-4">
        <Link to="/" aria-label="Pantheon">
          <Logo className="size-6" />
        </Link>
        <h1 className="text-[15px] font-semibold tracking-tight">API reference</h1>
        <a href="/api/v1/openapi.json" className="ml-auto text-sm text-accent underline underline-offset-3">
          openapi.json
        </a>
      </header>
      <main>
        {state === 'loading' && (
          <p className="flex items-center gap-2 p-6 text-sm text-ink-soft" role="status">
            <Spinner /> Loading the reference
          </p>
        )}
        {state === 'failed' && (
          <Alert tone="danger" className="m-6">
            The reference could not be loaded. Reload the page, or read openapi.json.
          </Alert>
        )}
        <div ref={place} />
      </main>
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
