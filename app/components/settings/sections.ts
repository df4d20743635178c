import { Database, KeyRound, Laptop, Link2, Palette, Plug, UserRound, type LucideIcon } from 'lucide-react';

export type SettingsSection = { path: string; label: string; icon: LucideIcon };

/** The pages of the settings, in order; each is a route below `app/routes/settings.tsx`. */
export const SETTINGS_SECTIONS: readonly SettingsSection[] = [
  { path: '/settings/profile', label: 'Profile', icon: UserRound },
  { path: '/settings/appearance', label: 'Appearance', icon: Palette },
  { path: '/settings/sessions', label: 'Sessions', icon: Laptop },
  { path: '/settings/api-keys', label: 'API keys', icon: KeyRound },
  { path: '/settings/tools', label: 'Tools', icon: Plug },
  { path: '/settings/shares', label: 'Shared links', icon: Link2 },
  { path: '/settings/data', label: 'Data', icon: Database },
];
