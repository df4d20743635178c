import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { SidebarData } from '#app/components/sidebar.tsx';
import { SwitcherProvider, type SearchScope } from '#app/components/switcher/switcher-context.ts';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import type { Marks } from '#app/components/use-activity.ts';

const Switcher = onDemand(async () => (await import('#app/components/switcher/switcher.tsx')).Switcher);

type SwitcherHostProps = { data: SidebarData; marks: Marks; children: ReactNode };

/** Ctrl/⌘ K opens the switcher from anywhere, and closes it. */
export function SwitcherHost({ data, marks, children }: SwitcherHostProps) {
  const [open, setOpen] = useState<{ scope: SearchScope | null } | null>(null);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setOpen((now) => (now ? null : { scope: null }));
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  const doors = useMemo(
    () => ({
      openSwitcher: () => setOpen({ scope: null }),
      findIn: (scope: SearchScope) => setOpen({ scope }),
    }),
    [],
  );
  return (
    <SwitcherProvider value={doors}>
      {children}
      {open && <Switcher data={data} marks={marks} scope={open.scope} onClose={() => setOpen(null)} />}
    </SwitcherProvider>
  );
}
