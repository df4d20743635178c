import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { pageProblem } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import { openShare } from '#server/shares/open-share.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { Wordmark } from '#app/components/logo.tsx';
import { ReadOnlyTurn } from '#app/timeline/read-only-turn.tsx';
import { readableTurns } from '#app/timeline/readable-turns.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.title} · Pantheon` : 'Pantheon' },
  { name: 'robots', content: 'noindex, nofollow' },
];

/** A revoked link must be gone at once, from caches and searches too. */
export const headers: HeadersFunction = () => ({
  'Cache-Control': 'private, no-store',
  'X-Robots-Tag': 'noindex, nofollow',
  'Referrer-Policy': 'no-referrer',
});

export async function loader({ context, params }: LoaderFunctionArgs) {
  try {
    const shared = await openShare(context.app, params['token'] ?? '');
    return { title: shared.title, cutOff: shared.cutOff, turns: readableTurns(shared) };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

/** What a link shows to anyone: who said what, from which sources, and nothing else. */
export default function SharedPage() {
  const { title, cutOff, turns } = useLoaderData<typeof loader>();
  return (
    <div className="min-h-dvh bg-surface">
      <header className="border-b border-line bg-canvas">
        <div className="mx-auto flex min-h-14 max-w-3xl items-center justify-between gap-4 px-4 sm:px-8">
          <Link to="/" className="rounded-md" aria-label="Pantheon, home">
            <Wordmark />
          </Link>
          <span className="text-xs text-ink-faint">Shared, read-only</span>
        </div>
      </header>
      <main className="mx-auto max-w-3xl px-4 py-8 sm:px-8 sm:py-12">
        <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
        {cutOff && <p className="mt-2 text-sm text-ink-faint">The beginning is not shown.</p>}
        {turns.length === 0 && <p className="mt-6 text-ink-soft">What was said here was deleted.</p>}
        <div className="mt-8 space-y-12">
          {turns.map((turn) => (
            <ReadOnlyTurn key={turn.id} turn={turn} />
          ))}
        </div>
      </main>
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
