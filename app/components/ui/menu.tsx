import { Slot } from 'radix-ui';
import { useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import type { MenuChoiceProps, MenuItemProps, MenuProps } from '#app/components/ui/menu-list.tsx';
import { codeOf, fetchAhead, useCode } from '#app/components/ui/on-demand.tsx';

const code = codeOf(() => import('#app/components/ui/menu-list.tsx'));

/** A button’s menu. Its code comes when a pointer or the focus reaches the button; what is in it is made when it opens. */
export function Menu({ trigger, children, ...rest }: MenuProps) {
  const [opened, setOpened] = useState<'not' | 'by-pointer' | 'by-keyboard'>('not');
  const list = useCode(code, opened !== 'not');
  if (list) {
    return (
      <list.Menu trigger={trigger} byKeyboard={opened === 'by-keyboard'} {...rest}>
        {children}
      </list.Menu>
    );
  }
  return (
    <Slot.Root
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => fetchAhead(code)}
      onFocus={() => fetchAhead(code)}
      onClick={(event: MouseEvent) => setOpened(event.detail === 0 ? 'by-keyboard' : 'by-pointer')}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'ArrowDown' || event.altKey) return;
        event.preventDefault();
        setOpened('by-keyboard');
      }}
    >
      {trigger}
    </Slot.Root>
  );
}

// These stand inside an open menu, so their code is there.

export function MenuItem(props: MenuItemProps) {
  const list = code.now();
  return list && <list.MenuItem {...props} />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const list = code.now();
  return list && <list.MenuLabel>{children}</list.MenuLabel>;
}

export function MenuSeparator() {
  const list = code.now();
  return list && <list.MenuSeparator />;
}

/** A choice of one inside a menu. */
export function MenuChoice<T extends string>(props: MenuChoiceProps<T>) {
  const list = code.now();
  return list && <list.MenuChoice {...props} />;
}
