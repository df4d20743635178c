import { useSyncExternalStore } from 'react';
import { cn } from '#app/components/ui/cn.ts';

const never = () => () => undefined;

/** What commands are given with on this keyboard. The server doesn’t know it and says Ctrl. */
export function useModKey(): '⌘' | 'Ctrl' {
  return useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/u.test(navigator.userAgent) ? '⌘' : 'Ctrl'),
    () => 'Ctrl',
  );
}

/** A key combination as it is written on this keyboard. */
export function ModKey({ letter, className }: { letter: string; className?: string }) {
  const mod = useModKey();
  return (
    <kbd
      aria-hidden
      className={cn(
        'rounded-md border border-line bg-surface px-1.5 font-sans text-[11px] leading-5 text-ink-faint pointer-coarse:hidden',
        className,
      )}
    >
      {mod === '⌘' ? `⌘${letter}` : `Ctrl ${letter}`}
    </kbd>
  );
}
