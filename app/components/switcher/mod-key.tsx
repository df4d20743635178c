import { useSyncExternalStore } from 'react';
import { cn } from '#app/components/ui/cn.ts';

const never = () => () => undefined;

/** A key combination as it is written on this keyboard. The server doesn’t know it and says Ctrl. */
export function ModKey({ letter, className }: { letter: string; className?: string }) {
  const apple = useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/u.test(navigator.userAgent),
    () => false,
  );
  return (
    <kbd
      aria-hidden
      className={cn(
        'rounded-md border border-line bg-surface px-1.5 font-sans text-[11px] leading-5 text-ink-faint pointer-coarse:hidden',
        className,
      )}
    >
      {apple ? `⌘${letter}` : `Ctrl ${letter}`}
    </kbd>
  );
}
