import { Popover as Radix } from 'radix-ui';
import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import { cn } from '#app/components/ui/cn.ts';

export type PopoverProps = {
  open: boolean;
  onClose: () => void;
  /** The button that it belongs to: it stands beside it, and focus goes back there. */
  anchor: RefObject<HTMLButtonElement | null>;
  label: string;
  side?: 'top' | 'bottom';
  align?: 'start' | 'center' | 'end';
  /** False leaves the focus where it is. */
  takesFocus?: boolean;
  onPointerEnter?: () => void;
  onPointerLeave?: (pointerType: string) => void;
  /** Before the focus goes back to the button. */
  onReturn?: () => void;
  className?: string;
  children: ReactNode;
};

/** A card beside a button. Escape and a press elsewhere close it. */
export function Popover({
  open,
  onClose,
  anchor,
  label,
  side = 'bottom',
  align = 'center',
  takesFocus = true,
  onPointerEnter,
  onPointerLeave,
  onReturn,
  className,
  children,
}: PopoverProps) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus && !card.current?.contains(document.activeElement)) card.current?.focus();
  }, [takesFocus]);
  return (
    <Radix.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Radix.Anchor virtualRef={anchor} />
      <Radix.Portal>
        <Radix.Content
          ref={card}
          aria-label={label}
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={10}
          onOpenAutoFocus={(event) => takesFocus || event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const { activeElement } = document;
            if (!takesFocus || (activeElement !== document.body && !card.current?.contains(activeElement))) return;
            onReturn?.();
            anchor.current?.focus();
          }}
          onInteractOutside={(event) => anchor.current?.contains(event.target as Node) && event.preventDefault()}
          onPointerEnter={onPointerEnter}
          onPointerLeave={({ pointerType }) => onPointerLeave?.(pointerType)}
          className={cn(
            'z-50 border border-line bg-raised shadow-pop outline-none data-[state=open]:animate-in',
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
