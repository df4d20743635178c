import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { pageProblem } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import { openShare } from '#server/shares/open-share.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { Wordmark } from '#app/components/logo.tsx';
import { looksOfSpeakers, ReadOnlyTurn } from '#app/timeline/read-only-turn.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.shared.title} · Pantheon` : 'Pantheon' },
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
    return { shared: await openShare(context.app, params['token'] ?? '') };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

/** What a link shows to anyone: who said what, from which sources, and nothing else. */
export default function SharedPage() {
  const { shared } = useLoaderData<typeof loader>();
  const looks = looksOfSpeakers(shared.turns);
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
        <h1 className="text-2xl font-semibold tracking-tight text-balance">{shared.title}</h1>
        {shared.cutOff && <p className="mt-2 text-sm text-ink-faint">The beginning is not shown.</p>}
        {shared.turns.length === 0 && <p className="mt-6 text-ink-soft">What was said here was deleted.</p>}
        <div className="mt-8 space-y-12">
          {shared.turns.map((turn) => (
            <ReadOnlyTurn key={turn.id} turn={turn} looks={looks} />
          ))}
        </div>
      </main>
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
