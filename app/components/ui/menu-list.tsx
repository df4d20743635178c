import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { useEffect, useRef, useState, type ComponentPropsWithoutRef, type ReactNode } from 'react';
import { cn } from '#app/components/ui/cn.ts';
import { standFor } from '#app/components/ui/focus-trail.ts';

export type MenuProps = {
  /** One element that takes a ref. */
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
  className?: string;
};

/** A menu that is open from the start. Opened by the keyboard it begins at its first item, as Radix would have done. */
export function Menu({
  trigger,
  children,
  align = 'end',
  side = 'bottom',
  className,
  byKeyboard,
}: MenuProps & { byKeyboard: boolean }) {
  const [open, setOpen] = useState(true);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open && button.current) standFor(button.current);
  }, [open]);
  useEffect(() => {
    if (!byKeyboard) return;
    const frame = requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>('[role^=menuitem]:not([data-disabled])')?.focus(),
    );
    return () => cancelAnimationFrame(frame);
  }, [byKeyboard]);
  return (
    <Radix.Root modal={false} open={open} onOpenChange={setOpen}>
      <Radix.Trigger ref={button} asChild>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal container={landmarkFor()}>
        <Radix.Content
          ref={list}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            'z-50 min-w-44 rounded-xl border border-line bg-raised p-1 shadow-pop outline-none data-[state=open]:animate-in',
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Menus stand inside the page’s main landmark, or inside the window or sheet over it, which makes all else inert. */
function landmarkFor(): HTMLElement | null {
  const over = [...document.querySelectorAll<HTMLElement>('[role=dialog], [role=alertdialog]')].at(-1);
  return over ?? document.getElementById('main');
}

const ITEM =
  'relative flex w-full cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm text-ink outline-none select-none pointer-coarse:min-h-11 ' +
  'data-[highlighted]:bg-hover data-[disabled]:pointer-events-none data-[disabled]:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint';

export type MenuItemProps = ComponentPropsWithoutRef<typeof Radix.Item> & { tone?: 'plain' | 'danger' };

export function MenuItem({ tone = 'plain', className, ...rest }: MenuItemProps) {
  return (
    <Radix.Item className={cn(ITEM, tone === 'danger' && 'text-danger [&_svg]:text-danger', className)} {...rest} />
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-2 pb-1 text-xs font-medium text-ink-faint">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="mx-1 my-1 h-px bg-line" />;
}

export type MenuChoiceProps<T extends string> = {
  value: T;
  onChange: (value: T) => void;
  choices: readonly { value: T; label: string; icon?: ReactNode }[];
};

/** A choice of one inside a menu. */
export function MenuChoice<T extends string>({ value, onChange, choices }: MenuChoiceProps<T>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      {choices.map((choice) => (
        <Radix.RadioItem key={choice.value} value={choice.value} className={ITEM}>
          {choice.icon}
          <span className="flex-1">{choice.label}</span>
          <Radix.ItemIndicator>
            <Check aria-hidden className="text-accent!" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
