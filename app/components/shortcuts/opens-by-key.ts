const KEY = 'shortcuts-key';

/** Whether “?” alone opens the list: who speaks to a computer, or shares the keyboard with a cat, can do without (WCAG 2.1.4). */
export function opensByKey(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setOpensByKey(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  } catch {
    // Without storage it stays as it is.
  }
}
