import type { MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { ErrorPage } from '#app/components/error-page.tsx';
import { Logo } from '#app/components/logo.tsx';
import { WithCode } from '#app/components/reference/with-code.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { problemHelp } from '#server/http/problem-help.ts';

export const meta: MetaFunction = () => [{ title: 'Problems · Pantheon' }];

/** Where the `type` of a problem document leads: what it means, and what to do. */
export function loader() {
  return { problems: problemHelp() };
}

export default function Problems() {
  const { problems } = useLoaderData<typeof loader>();
  return (
    <div className="min-h-dvh bg-surface">
      <header className="sticky top-0 z-10 flex h-14 items-center gap-4 border-b border-line bg-canvas px-4">
        <Link to="/" aria-label="Pantheon">
          <Logo className="size-6" />
        </Link>
        <h1 className="text-[15px] font-semibold tracking-tight">Problems</h1>
        <Link to="/docs/api" className="ml-auto text-sm text-accent underline underline-offset-3">
          API reference
        </Link>
      </header>
      <main className="mx-auto max-w-3xl px-4 py-8">
        <p className="max-w-prose text-ink-soft">
          A request that fails is answered with a problem document (RFC 9457). A program looks at its{' '}
          <code className="font-mono text-[13px]">code</code>; here is what each means and what to do about it.
        </p>
        <ul className="mt-8 divide-y divide-line rounded-2xl border border-line bg-raised shadow-xs">
          {problems.map(({ code, status, title, means, advice }) => (
            <li
              key={code}
              id={code}
              className="scroll-mt-20 p-4 first:rounded-t-2xl last:rounded-b-2xl target:bg-accent-soft sm:p-5"
            >
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <h2 className="font-mono text-sm font-semibold break-all">
                  <a href={`#${code}`} className="hover:underline">
                    {code}
                  </a>
                </h2>
                <Badge>{status}</Badge>
                <span className="text-sm text-ink-soft">{title}</span>
              </div>
              <p className="mt-2 text-sm">
                <WithCode text={means} />
              </p>
              <p className="mt-1 text-sm text-ink-soft">
                <WithCode text={advice} />
              </p>
            </li>
          ))}
        </ul>
      </main>
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
