import { AlertDialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from '#app/components/ui/button.tsx';
import { useReturnFocus } from '#app/components/ui/use-return-focus.ts';

export type ConfirmProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  /** The verb of the button, e.g. “Remove agent”. */
  verb: string;
  /** How its button looks; red unless it is said that nothing is lost. */
  variant?: 'danger' | 'primary';
  onConfirm: () => void;
};

/** Asks before something that can’t be taken back with one click. */
export function Confirm({ open, onOpenChange, title, children, verb, variant = 'danger', onConfirm }: ConfirmProps) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-veil" />
        <Radix.Content
          onOpenAutoFocus={focus.remember}
          onCloseAutoFocus={focus.giveBack}
          className="fixed top-1/2 left-1/2 z-50 w-[min(26rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-raised p-5 shadow-pop outline-none"
        >
          <Radix.Title className="text-base font-semibold tracking-tight">{title}</Radix.Title>
          <Radix.Description className="mt-1.5 text-sm text-ink-soft">{children}</Radix.Description>
          <div className="mt-5 flex justify-end gap-2">
            <Radix.Cancel asChild>
              <Button>Cancel</Button>
            </Radix.Cancel>
            <Radix.Action asChild>
              <Button variant={variant} onClick={onConfirm}>
                {verb}
              </Button>
            </Radix.Action>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
