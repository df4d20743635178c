import { Cloud, CloudOff, Menu as MenuIcon, RefreshCw } from 'lucide-react';
import { createContext, useCallback, useContext, useState, type ComponentType, type ReactNode } from 'react';
import { useLocation, useMatches } from '@remix-run/react';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Sheet } from '#app/components/ui/dialog.tsx';
import { MarksProvider } from '#app/components/marks-context.ts';
import { Sidebar, type SidebarData } from '#app/components/sidebar.tsx';
import { ShortcutsHost } from '#app/components/shortcuts/shortcuts-host.tsx';
import { SwitcherHost } from '#app/components/switcher/switcher-host.tsx';
import { useActivity } from '#app/components/use-activity.ts';
import { useCaughtFocus } from '#app/components/use-caught-focus.ts';
import { useConnection } from '#app/components/use-connection.ts';

/** Null where there is no sidebar. */
const OpenSidebar = createContext<(() => void) | null>(null);

/** What some pages have instead of the rooms and chats; its code comes with them. */
export type OwnSidebar = { title: string; content: ComponentType<Pick<SidebarData, 'user'>> };

type ShellProps = { data: SidebarData; own?: OwnSidebar | undefined; children: ReactNode };

/** The frame of every page of the product: sidebar, then whatever the page is. */
export function Shell({ data, own, children }: ShellProps) {
  const { pathname } = useLocation();
  // Open on the page where it was opened: going somewhere closes it.
  const [openOn, setOpenOn] = useState<string | null>(null);
  const openSidebar = useCallback(() => setOpenOn(pathname), [pathname]);
  const marks = useActivity(data.activity);
  useCaughtFocus(useMatches());
  const sidebar = own ? <own.content user={data.user} /> : <Sidebar data={data} marks={marks} />;
  return (
    <OpenSidebar.Provider value={openSidebar}>
      <MarksProvider value={marks}>
        <ShortcutsHost>
          <SwitcherHost data={data} marks={marks}>
            <a
              href="#main"
              className="sr-only z-50 rounded-lg bg-ink px-4 py-2 text-sm font-medium text-canvas focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
            >
              {own ? 'Skip to the page' : 'Skip to the conversation'}
            </a>
            <div className="flex h-dvh overflow-hidden print:block print:h-auto print:overflow-visible">
              <aside className="hidden w-[17rem] shrink-0 flex-col border-r border-line bg-canvas lg:flex print:hidden">
                {sidebar}
              </aside>
              <Sheet
                open={openOn === pathname}
                onOpenChange={(open) => setOpenOn(open ? pathname : null)}
                side="left"
                title={own?.title ?? 'Rooms and chats'}
              >
                {sidebar}
              </Sheet>
              <main
                id="main"
                tabIndex={-1}
                className="flex min-w-0 flex-1 flex-col bg-surface outline-none print:block"
              >
                <ConnectionNote />
                {children}
              </main>
            </div>
          </SwitcherHost>
        </ShortcutsHost>
      </MarksProvider>
    </OpenSidebar.Provider>
  );
}

const CONNECTION_NOTES = {
  offline: {
    icon: CloudOff,
    look: 'bg-warn-soft text-warn',
    text: 'You are offline. Agents go on without you; this page catches up when you are back.',
  },
  reconnecting: {
    icon: RefreshCw,
    look: 'bg-warn-soft text-warn',
    text: 'Reconnecting… What is shown may be old.',
  },
  back: { icon: Cloud, look: 'bg-ok-soft text-ok', text: 'You are back. This page shows what happened meanwhile.' },
} as const;

/** While the server is out of reach what is shown may be old; and when it no longer is. Read out when it appears. */
function ConnectionNote() {
  const connection = useConnection();
  const note = connection === 'online' ? null : CONNECTION_NOTES[connection];
  return (
    <div role="status">
      {note && (
        <p className={cn('flex items-center justify-center gap-2 px-4 py-2 text-[13px]', note.look)}>
          <note.icon aria-hidden className="size-4 shrink-0" />
          {note.text}
        </p>
      )}
    </div>
  );
}

/** Whether a page stands beside the sidebar, inside the frame’s main landmark. */
export function useHasFrame(): boolean {
  return useContext(OpenSidebar) !== null;
}

/** On narrow screens; nothing on pages without a sidebar. */
export function SidebarButton() {
  const openSidebar = useContext(OpenSidebar);
  if (!openSidebar) return null;
  return (
    <Button variant="ghost" size="icon" className="lg:hidden" aria-label="Open the sidebar" onClick={openSidebar}>
      <MenuIcon aria-hidden className="size-5" />
    </Button>
  );
}

type PageHeaderProps = { title: ReactNode; below?: ReactNode; actions?: ReactNode; icon?: ReactNode };

/** The line at the top of a page; on narrow screens it opens the sidebar. */
export function PageHeader({ title, below, actions, icon }: PageHeaderProps) {
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-2 border-b border-line px-2 sm:px-4">
      <SidebarButton />
      {icon}
      <div className="min-w-0 flex-1">
        <h1 className="line-clamp-2 text-[15px] leading-tight font-semibold tracking-tight break-words sm:block sm:truncate">
          {title}
        </h1>
        {below && <div className="mt-0.5 truncate text-xs text-ink-faint">{below}</div>}
      </div>
      {actions && <div className="flex shrink-0 items-center gap-1.5">{actions}</div>}
    </header>
  );
}

/** A page that scrolls as a whole. */
export function PageBody({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain print:overflow-visible">
      <div className={cn('mx-auto w-full max-w-5xl px-4 py-8 sm:px-8', className)}>{children}</div>
    </div>
  );
}
