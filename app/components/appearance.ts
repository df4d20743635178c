export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const DENSITIES = ['comfortable', 'compact'] as const;
export type Density = (typeof DENSITIES)[number];

/** How the product looks on this device. In cookies, so that the first byte of HTML is already right. */
export type Appearance = { theme: Theme; density: Density };

export function appearanceOf(cookieHeader: string | null): Appearance {
  const read = (name: string) => new RegExp(`(?:^|;\\s*)${name}=(\\w+)`, 'u').exec(cookieHeader ?? '')?.[1];
  const [theme, density] = [read('theme'), read('density')];
  return {
    theme: THEMES.find((each) => each === theme) ?? 'system',
    density: DENSITIES.find((each) => each === density) ?? 'comfortable',
  };
}

/** In the browser: at once for this page, and for a year for the next ones. */
export function chooseAppearance(choice: Partial<Appearance>): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  for (const [name, value] of Object.entries(choice)) {
    document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    document.documentElement.dataset[name] = value;
  }
}
