/** What the focus was on last, and all that it stood in, nearest first. Menus are passed over: they are gone once used. */
let trail: Element[] = [];

if (typeof document !== 'undefined') {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && !target.closest('[role=menu]')) trail = trailOf(target);
  });
}

function trailOf(element: Element): Element[] {
  const found: Element[] = [];
  for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) found.push(at);
  return found;
}

/** A menu’s button stands for all that is done in the menu. */
export function standFor(button: Element): void {
  trail = trailOf(button);
}

/** To be kept when something opens over the page, and given back when it closes. */
export function rememberFocus(): () => void {
  const kept = trail;
  return () => focusAlong(kept);
}

/**
 * When what had the focus is taken away, a reader with a keyboard would be thrown back to the top of the page: the focus goes
 * to what is left around it.
 */
export function catchFocus(): void {
  if (document.activeElement !== document.body || trail[0]?.isConnected !== false) return;
  focusAlong(trail);
}

const LIST = 'ul, ol, tbody, [role=list]';
const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex="0"]';

/** The first that is there: the thing itself, something in the list that it stood in, or what can have the focus around it. */
function focusAlong(places: readonly Element[]): void {
  for (const place of places) {
    if (!place.isConnected) continue;
    const inside = place.matches(LIST) ? place.querySelector(FOCUSABLE) : null;
    const target = inside ?? place;
    if (target instanceof HTMLElement && target.matches(`${FOCUSABLE}, [tabindex]`)) {
      target.focus({ preventScroll: true });
      if (document.activeElement === target) return;
    }
  }
}
