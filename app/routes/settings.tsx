import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { NavLink, Outlet, useLocation } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { requirePageUser } from '#server/auth/require-user.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { SETTINGS_SECTIONS } from '#app/components/settings/sections.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { cn } from '#app/components/ui/cn.ts';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Settings · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  await requirePageUser(context, request);
  return null;
}

/** The frame of the settings: where one can go, and the section that is shown. */
export default function Settings() {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a phone the sections stand in one line, of which a part is seen.
  useEffect(() => {
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <>
      <PageHeader title="Settings" />
      <PageBody className="flex flex-col gap-6 md:flex-row md:gap-10">
        <nav
          aria-label="Settings"
          ref={nav}
          className="-mx-4 -my-2 flex shrink-0 gap-1 overflow-x-auto px-1.5 py-2 [scrollbar-width:none] sm:-mx-8 sm:px-5.5 md:sticky md:top-0 md:m-0 md:w-44 md:flex-col md:self-start md:overflow-visible md:p-0"
        >
          {SETTINGS_SECTIONS.map(({ path, label, icon: Icon }) => (
            <NavLink
              key={path}
              to={path}
              prefetch="intent"
              className={({ isActive }) =>
                cn(
                  'flex min-h-9 shrink-0 items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm text-ink-soft hover:bg-hover hover:text-ink pointer-coarse:min-h-11',
                  isActive && 'bg-hover font-medium text-ink',
                )
              }
            >
              <Icon aria-hidden className="size-4 text-ink-faint" />
              {label}
            </NavLink>
          ))}
        </nav>
        <div className="min-w-0 max-w-2xl flex-1">
          <Outlet />
        </div>
      </PageBody>
    </>
  );
}

export { ErrorPage as ErrorBoundary };
