import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { useReturnFocus } from '#app/components/ui/use-return-focus.ts';

const VEIL = 'fixed inset-0 z-40 bg-veil data-[state=open]:animate-[appear_140ms_ease-out]';

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  className?: string;
};

/** A window over the page; on a phone it fills it from the bottom. Focus stays inside and returns on closing. */
export function Dialog({ open, onOpenChange, title, description, children, className }: DialogProps) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={VEIL} />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            focus.remember();
            focusFirstField(event);
          }}
          onCloseAutoFocus={focus.giveBack}
          className={cn(
            'fixed z-50 flex max-h-[92dvh] flex-col border border-line bg-raised shadow-pop outline-none data-[state=open]:animate-in',
            'inset-x-0 bottom-0 rounded-t-2xl sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[34rem] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl',
            className,
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 py-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-base font-semibold tracking-tight">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-0.5 text-sm text-ink-soft">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <Button variant="ghost" size="icon" aria-label="Close" className="-mt-1 -mr-2">
                <X className="size-4" aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-5 sm:rounded-b-2xl">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** On a touch screen that would push the keyboard up before anything was read. */
function focusFirstField(event: Event): void {
  const dialog = event.currentTarget as HTMLElement;
  // Of a choice the one that is made.
  const field = dialog.querySelector<HTMLElement>('input:not([type=radio]), input:checked, textarea, select');
  if (!field) return;
  event.preventDefault();
  (window.matchMedia('(pointer: coarse)').matches ? dialog : field).focus();
}

export type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  side: 'left' | 'right';
  title: string;
  children: ReactNode;
  className?: string;
};

/** A panel that slides in from a side: what is a column on a wide screen. It brings its own close button if it wants one. */
export function Sheet({ open, onOpenChange, side, title, children, className }: SheetProps) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={VEIL} />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focus.remember}
          onCloseAutoFocus={focus.giveBack}
          className={cn(
            'fixed inset-y-0 z-50 flex w-[min(20rem,88vw)] flex-col bg-canvas shadow-pop outline-none',
            side === 'left'
              ? 'left-0 border-r border-line data-[state=open]:animate-slide-left'
              : 'right-0 w-[min(24rem,94vw)] border-l border-line bg-surface data-[state=open]:animate-slide-right',
            className,
          )}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
