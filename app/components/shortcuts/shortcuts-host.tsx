import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { opensByKey } from '#app/components/shortcuts/opens-by-key.ts';

const ShortcutsWindow = onDemand(
  async () => (await import('#app/components/shortcuts/shortcuts-window.tsx')).ShortcutsWindow,
);

const Context = createContext<() => void>(() => undefined);

/** Opens the list of keyboard shortcuts. */
export function useShortcuts(): () => void {
  return useContext(Context);
}

/** “?” opens the list of keyboard shortcuts from anywhere but a field, unless that was switched off. */
export function ShortcutsHost({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]')) return;
      if (!opensByKey()) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <Context.Provider value={useCallback(() => setOpen(true), [])}>
      {children}
      {open && <ShortcutsWindow onClose={() => setOpen(false)} />}
    </Context.Provider>
  );
}
