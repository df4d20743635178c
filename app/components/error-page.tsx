import { isRouteErrorResponse, Link, useRouteError } from '@remix-run/react';
import { useEffect } from 'react';
import { Logo } from '#app/components/logo.tsx';
import { SidebarButton, useHasFrame } from '#app/components/shell.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';

type Told = { title: string; text: string; requestId: string | null; mayPass: boolean };

/** What went wrong, in words, inside whatever frame the page has; without one it is the page. */
export function ErrorPage() {
  const error = useRouteError();
  const { title, text, requestId, mayPass } = tell(error);
  useEffect(() => {
    // A page that broke while it was drawn; what the server threw is known to it already.
    if (error instanceof Error && error.message !== 'Unexpected Server Error') window.reportError(error);
  }, [error]);
  const framed = useHasFrame();
  const Place = framed ? 'div' : 'main';
  return (
    <Place
      className={cn(
        'relative flex flex-col items-center justify-center px-6 py-16 text-center',
        framed ? 'flex-1' : 'min-h-dvh',
      )}
    >
      <div className="absolute top-1.5 left-2 sm:left-4">
        <SidebarButton />
      </div>
      <Logo className="size-10 opacity-80" />
      <h1 className="mt-6 text-xl font-semibold tracking-tight">{title}</h1>
      <p className="mt-2 max-w-md text-[15px] text-balance text-ink-soft">{text}</p>
      <div className="mt-6 flex gap-2">
        {mayPass && (
          <Button variant="primary" onClick={() => window.location.reload()}>
            Try again
          </Button>
        )}
        <Button asChild variant={mayPass ? 'neutral' : 'primary'}>
          <Link to="/" reloadDocument>
            Go home
          </Link>
        </Button>
      </div>
      {requestId && <p className="mt-8 font-mono text-xs text-ink-faint">Request {requestId}</p>}
    </Place>
  );
}

function tell(error: unknown): Told {
  if (isRouteErrorResponse(error)) {
    const problem = (typeof error.data === 'object' ? error.data : null) as Record<string, unknown> | null;
    const detail = typeof problem?.['detail'] === 'string' ? problem['detail'] : null;
    const requestId = typeof problem?.['requestId'] === 'string' ? problem['requestId'] : null;
    if (error.status === 404) {
      return {
        title: 'There is nothing here',
        text: 'The page was moved or deleted, or it belongs to someone else.',
        requestId: null,
        mayPass: false,
      };
    }
    return {
      title: 'That didn’t work',
      text: detail ?? 'The server refused this. Go home and try again.',
      requestId,
      mayPass: error.status >= 429,
    };
  }
  return {
    title: 'Something went wrong',
    text: 'It is on our side, and we have been told. Your conversations are safe.',
    requestId: null,
    mayPass: true,
  };
}
