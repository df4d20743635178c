import { useNavigate, useSubmit } from '@remix-run/react';
import {
  ChartColumn,
  ChevronsUpDown,
  Coins,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  Settings,
  ShieldCheck,
  Sun,
} from 'lucide-react';
import { useState } from 'react';
import type { User } from '#server/auth/contract.ts';
import { appearanceOf, chooseAppearance, type Theme } from '#app/components/appearance.ts';
import { useShortcuts } from '#app/components/shortcuts/shortcuts-host.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '#app/components/ui/menu.tsx';

const THEME_CHOICES = [
  { value: 'system', label: 'Like the system', icon: <Monitor aria-hidden /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
] as const;

export function AccountMenu({ user }: { user: User }) {
  const submit = useSubmit();
  const navigate = useNavigate();
  const openShortcuts = useShortcuts();
  const [local = user.email, host] = user.email.split('@');
  const name = user.displayName ?? local;
  return (
    <Menu
      side="top"
      align="start"
      className="w-60"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2.5 rounded-lg px-2 py-1.5 text-left hover:bg-hover pointer-coarse:min-h-11"
        >
          <span
            aria-hidden
            className="inline-flex size-8 items-center justify-center rounded-full bg-sunken text-[13px] font-semibold text-ink-soft uppercase"
          >
            {name.slice(0, 1)}
          </span>
          <span className="sr-only">Account: </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-[13px] font-medium">{name}</span>
            <span className="block truncate text-xs text-ink-faint">{user.displayName ? user.email : host}</span>
          </span>
          {user.role !== 'user' && <Badge>{user.role}</Badge>}
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-faint" />
        </button>
      }
    >
      {user.role !== 'user' && (
        <MenuItem onSelect={() => navigate('/admin')}>
          <ShieldCheck aria-hidden />
          Admin
        </MenuItem>
      )}
      <MenuItem onSelect={() => navigate('/settings')}>
        <Settings aria-hidden />
        Settings
      </MenuItem>
      <MenuItem onSelect={() => navigate('/billing')}>
        <Coins aria-hidden />
        Billing
      </MenuItem>
      <MenuItem onSelect={() => navigate('/usage')}>
        <ChartColumn aria-hidden />
        Usage
      </MenuItem>
      <MenuItem className="pointer-coarse:hidden" onSelect={openShortcuts}>
        <Keyboard aria-hidden />
        Keyboard shortcuts
        <kbd aria-hidden className="ml-auto pl-4 font-sans text-xs text-ink-faint">
          ?
        </kbd>
      </MenuItem>
      <MenuSeparator />
      <ThemeChoice />
      <MenuSeparator />
      <MenuItem onSelect={() => submit(null, { method: 'post', action: '/sign-out' })}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  );
}

/** Read from the cookie when the menu opens: the page itself never has to know. */
function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(() => appearanceOf(document.cookie).theme);
  return (
    <>
      <MenuLabel>Appearance</MenuLabel>
      <MenuChoice
        value={theme}
        choices={THEME_CHOICES}
        onChange={(next) => {
          chooseAppearance({ theme: next });
          setTheme(next);
        }}
      />
    </>
  );
}
