import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  UNSAFE_RemixContext as RemixContext,
  useLoaderData,
  useMatches,
  useRouteLoaderData,
} from '@remix-run/react';
import {
  Children,
  cloneElement,
  isValidElement,
  useContext,
  useEffect,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';
import { findPageUser } from '#server/auth/require-user.ts';
import { findActivity } from '#server/conversations/find-activity.ts';
import { findSidebar } from '#server/conversations/find-sidebar.ts';
import { appearanceOf } from '#app/components/appearance.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { NonceContext } from '#app/nonce.ts';
import { Shell, type OwnSidebar } from '#app/components/shell.tsx';
import type { SidebarData } from '#app/components/sidebar.tsx';
import stylesheet from '#app/styles/app.css?url';

export const meta: MetaFunction = () => [{ title: 'Pantheon' }];
export const links: LinksFunction = () => [
  { rel: 'preload', href: inter, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
  { rel: 'stylesheet', href: stylesheet },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
  { rel: 'apple-touch-icon', href: '/apple-touch-icon.png' },
  { rel: 'manifest', href: '/manifest.webmanifest' },
];

/** Pages that stand inside the sidebar’s frame say so: `export const handle = { shell: true }`; some bring their own sidebar. */
export type PageHandle = { shell?: boolean; sidebar?: OwnSidebar };

export async function loader({ context, request }: LoaderFunctionArgs) {
  const principal = await findPageUser(context);
  const dsn = context.app.env.sentryDsn;
  return {
    appearance: appearanceOf(request.headers.get('Cookie')),
    // What the browser's own errors are reported with, if they are.
    ...(dsn === null ? {} : { reports: { dsn, requestId: context.requestId } }),
    sidebar: principal ? await loadSidebar(context.app, principal.user) : null,
  };
}

async function loadSidebar(app: LoaderFunctionArgs['context']['app'], user: SidebarData['user']): Promise<SidebarData> {
  const [sidebar, activity] = await Promise.all([findSidebar(app, user.id), findActivity(app, user.id)]);
  return { user, ...sidebar, activity };
}

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useContext(NonceContext);
  const data = useRouteLoaderData<typeof loader>('root');
  // When the page answers to keys and pointers: for whoever measures, and for the journeys.
  useEffect(() => void performance.mark('hydrated'), []);
  return (
    <html
      lang="en"
      data-theme={data?.appearance.theme ?? 'system'}
      data-density={data?.appearance.density ?? 'comfortable'}
      data-sentry-dsn={data?.reports?.dsn}
      data-request-id={data?.reports?.requestId}
      className="h-full font-sans antialiased"
    >
      <head>
        <meta charSet="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f5f4f0" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#121311" />
        <Meta />
        <Links />
        <script async {...YIELDING} nonce={nonce} src="/early-press.js" suppressHydrationWarning />
      </head>
      <body className="min-h-dvh">
        <SteadyRemix>{children}</SteadyRemix>
        <ScrollRestoration nonce={nonce} />
        <OwnTasks nonce={nonce} />
        <PatientScripts nonce={nonce} />
      </body>
    </html>
  );
}

/**
 * The page’s files as scripts, each run in a task of its own. Remix’s script, which comes after them and would run all of them in
 * one, finds them there.
 */
function OwnTasks({ nonce }: { nonce: string }) {
  const { manifest } = useRemix();
  const matches = useMatches();
  const [files] = useState(() => [
    ...new Set([...manifest.entry.imports, ...matches.flatMap(({ id }) => manifest.routes[id]?.imports ?? [])]),
  ]);
  return files.map((src) => <script key={src} type="module" async {...YIELDING} nonce={nonce} src={src} />);
}

/** Remix’s scripts. It asks for their files as urgently as for the style and the type, and what is read first would wait for them. */
function PatientScripts({ nonce }: { nonce: string }) {
  // Called as a hook is: what it returns can be changed only here.
  const scripts = Scripts({ nonce }) as ReactElement<{ children: ReactNode }> | null;
  return Children.map(scripts?.props.children, (child) =>
    isValidElement<object>(child) && child.type === 'link' ? cloneElement(child, YIELDING) : child,
  );
}

/** An attribute that React 18 has no name for; it passes it on as it is. */
const YIELDING = { fetchpriority: 'low' };

/**
 * Remix hands down a new context with every change of the address, though nothing in it changes. React would draw anew every
 * link that reads it, and whatever is not awake yet.
 */
function SteadyRemix({ children }: { children: ReactNode }) {
  const remix = useRemix();
  const [steady] = useState(remix);
  return <RemixContext.Provider value={steady}>{children}</RemixContext.Provider>;
}

function useRemix() {
  const remix = useContext(RemixContext);
  if (!remix) throw new Error('This stands outside Remix.');
  return remix;
}

export default function Root() {
  const { sidebar } = useLoaderData<typeof loader>();
  const handles = useMatches().map(({ handle }) => handle as PageHandle | undefined);
  const framed = handles.some((handle) => handle?.shell);
  const own = sidebar?.user.role === 'user' ? undefined : handles.find((handle) => handle?.sidebar)?.sidebar;
  const page = <Outlet />;
  return framed && sidebar ? (
    <Shell data={sidebar} own={own}>
      {page}
    </Shell>
  ) : (
    page
  );
}

export { ErrorPage as ErrorBoundary };
