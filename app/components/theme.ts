export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const COOKIE = 'theme';

/** The theme is in a cookie so that the first byte of HTML is already in the right colours. */
export function themeOf(cookieHeader: string | null): Theme {
  const value = new RegExp(`(?:^|;\\s*)${COOKIE}=(\\w+)`, 'u').exec(cookieHeader ?? '')?.[1];
  return THEMES.find((theme) => theme === value) ?? 'system';
}

/** In the browser: at once for this page, and for a year for the next ones. */
export function chooseTheme(theme: Theme): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${COOKIE}=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  document.documentElement.dataset['theme'] = theme;
}
