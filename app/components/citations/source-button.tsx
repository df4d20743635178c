import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Source } from '#app/components/citations/citations-context.ts';
import { SourceCard } from '#app/components/citations/source-card.tsx';
import { Popover } from '#app/components/ui/popover.tsx';

const OPEN_MS = 120;
const CLOSE_MS = 220;

type SourceButtonProps = {
  citation: Source;
  className: string;
  /** Its name, where what is in it doesn’t say enough. */
  label?: string;
  children: ReactNode;
};

/**
 * Shows a source’s card: under the mouse and on focus to look at, on a press (a finger’s, or Enter) to stay and be used.
 * Escape closes it.
 */
export function SourceButton({ citation, className, label, children }: SourceButtonProps) {
  const [shown, setShown] = useState<'no' | 'peek' | 'pinned'>('no');
  const button = useRef<HTMLButtonElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const returning = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);

  const later = (ms: number, next: (now: typeof shown) => typeof shown) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(next), ms);
  };
  const peek = () => later(OPEN_MS, (now) => (now === 'no' ? 'peek' : now));
  const leave = () => later(CLOSE_MS, (now) => (now === 'peek' ? 'no' : now));
  const press = () => {
    clearTimeout(timer.current);
    setShown((now) => (now === 'pinned' ? 'no' : 'pinned'));
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={shown !== 'no'}
        {...(label === undefined ? {} : { 'aria-label': label })}
        data-state={shown === 'no' ? 'closed' : 'open'}
        className={className}
        onClick={press}
        onPointerEnter={({ pointerType }) => pointerType === 'mouse' && peek()}
        onPointerLeave={({ pointerType }) => pointerType === 'mouse' && leave()}
        onFocus={({ currentTarget }) => {
          if (!returning.current && currentTarget.matches(':focus-visible')) peek();
          returning.current = false;
        }}
        onBlur={leave}
      >
        {children}
      </button>
      <Popover
        open={shown !== 'no'}
        onClose={() => setShown('no')}
        anchor={button}
        label={`Source ${citation.number}`}
        side="top"
        takesFocus={shown === 'pinned'}
        onReturn={() => (returning.current = true)}
        onPointerEnter={() => clearTimeout(timer.current)}
        onPointerLeave={(pointerType) => pointerType === 'mouse' && leave()}
        className="w-[min(22rem,calc(100vw-1.25rem))] rounded-xl p-3.5 text-left text-sm"
      >
        <SourceCard citation={citation} onUsed={() => setShown('no')} />
      </Popover>
    </>
  );
}
