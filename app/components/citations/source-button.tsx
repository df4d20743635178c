import { Popover } from 'radix-ui';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Citation } from '#server/turns/contract.ts';
import { SourceCard } from '#app/components/citations/source-card.tsx';

const OPEN_MS = 120;
const CLOSE_MS = 220;

type SourceButtonProps = {
  citation: Citation;
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
  const card = useRef<HTMLDivElement>(null);
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
    card.current?.focus();
  };

  return (
    <Popover.Root open={shown !== 'no'} onOpenChange={(open) => open || setShown('no')}>
      <Popover.Anchor asChild>
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
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          ref={card}
          aria-label={`Source ${citation.number}`}
          side="top"
          sideOffset={6}
          collisionPadding={10}
          onOpenAutoFocus={(event) => shown === 'peek' && event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!card.current?.contains(document.activeElement)) return;
            returning.current = true;
            button.current?.focus();
          }}
          onInteractOutside={(event) => button.current?.contains(event.target as Node) && event.preventDefault()}
          onPointerEnter={() => clearTimeout(timer.current)}
          onPointerLeave={({ pointerType }) => pointerType === 'mouse' && leave()}
          className="z-50 w-[min(22rem,calc(100vw-1.25rem))] rounded-xl border border-line bg-raised p-3.5 text-left text-sm shadow-pop outline-none data-[state=open]:animate-in"
        >
          <SourceCard citation={citation} onUsed={() => setShown('no')} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
