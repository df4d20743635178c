import type { MetaFunction } from '@remix-run/node';
import { Link, NavLink, Outlet, useLoaderData } from '@remix-run/react';
import { apiSections } from '#app/api-document.server.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { Logo } from '#app/components/logo.tsx';
import { cn } from '#app/components/ui/cn.ts';

export const meta: MetaFunction = () => [{ title: 'API reference · Pantheon' }];

export function loader() {
  return { sections: apiSections().map(({ id, title }) => ({ id, title })) };
}

/** The frame of the API reference: what it is made of, and the part that is read. */
export default function ApiReference() {
  const { sections } = useLoaderData<typeof loader>();
  const entry = ({ isActive }: { isActive: boolean }) =>
    cn(
      'block rounded-lg px-2.5 py-1.5 text-sm text-ink-soft hover:bg-hover hover:text-ink pointer-coarse:min-h-11',
      isActive && 'bg-hover font-medium text-ink',
    );
  return (
    <div className="min-h-dvh bg-surface">
      <header className="sticky top-0 z-10 flex h-14 items-center gap-4 border-b border-line bg-canvas px-4">
        <Link to="/" aria-label="Pantheon, home">
          <Logo className="size-6" />
        </Link>
        <Link to="/docs/api" className="text-[15px] font-semibold tracking-tight">
          API reference
        </Link>
        <a href="/api/v1/openapi.json" className="ml-auto text-sm text-accent underline underline-offset-3">
          openapi.json
        </a>
      </header>
      <div className="mx-auto flex max-w-6xl">
        <nav
          aria-label="Parts of the API"
          className="sticky top-14 hidden h-[calc(100dvh-3.5rem)] w-56 shrink-0 overflow-y-auto border-r border-line px-3 py-6 lg:block print:hidden"
        >
          <NavLink to="/docs/api" end className={entry}>
            Overview
          </NavLink>
          <ul className="mt-4 space-y-px">
            {sections.map(({ id, title }) => (
              <li key={id}>
                <NavLink to={`/docs/api/${id}`} prefetch="intent" className={entry}>
                  {title}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <main className="min-w-0 flex-1 px-4 py-8 sm:px-8 lg:px-12">
          <Outlet />
        </main>
      </div>
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
