import { lazy, startTransition, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { SidebarData } from '#app/components/sidebar.tsx';
import { SwitcherProvider, type SearchScope } from '#app/components/switcher/switcher-context.ts';
import type { Marks } from '#app/components/use-activity.ts';

/** Comes when it is first opened. */
const Switcher = lazy(async () => {
  const { Switcher: component } = await import('#app/components/switcher/switcher.tsx');
  return { default: component };
});

type SwitcherHostProps = { data: SidebarData; marks: Marks; children: ReactNode };

/** Ctrl/⌘ K opens the switcher from anywhere, and closes it. */
export function SwitcherHost({ data, marks, children }: SwitcherHostProps) {
  const [open, setOpen] = useState<{ scope: SearchScope | null } | null>(null);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      // As a transition: pressed while the page is being hydrated it would be an update that can't wait for its script.
      startTransition(() => setOpen((now) => (now ? null : { scope: null })));
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  const doors = useMemo(
    () => ({
      openSwitcher: () => startTransition(() => setOpen({ scope: null })),
      findIn: (scope: SearchScope) => startTransition(() => setOpen({ scope })),
    }),
    [],
  );
  return (
    <SwitcherProvider value={doors}>
      {children}
      {open && (
        <Suspense fallback={null}>
          <Switcher data={data} marks={marks} scope={open.scope} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </SwitcherProvider>
  );
}
