import { cloneElement, useEffect, useId, useRef, useState, type ReactElement } from 'react';

const DELAY_MS = 350;
const GAP = 6;
const EDGE = 8;

type TooltipProps = { text: string; children: ReactElement<{ 'aria-describedby'?: string | undefined }> };

/**
 * Explains its one child under the mouse and on focus; Escape takes it away, and it stays while the mouse is on it. In the
 * browser's top layer, so that nothing cuts it off. An icon button still needs its own `aria-label`.
 */
export function Tooltip({ text, children }: TooltipProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const around = useRef<HTMLSpanElement>(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!shown) return;
    const onKeyDown = ({ key }: KeyboardEvent) => key === 'Escape' && setShown(false);
    const hide = () => setShown(false);
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('scroll', hide, { capture: true, passive: true });
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('scroll', hide, { capture: true });
    };
  }, [shown]);

  const later = (ms: number, next: boolean) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(next), ms);
  };
  return (
    <span
      ref={around}
      className="contents"
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && later(DELAY_MS, true)}
      onPointerLeave={() => later(GAP * 10, false)}
      onFocus={({ target }) => target.matches(':focus-visible') && later(0, true)}
      onBlur={() => later(0, false)}
      onPointerDown={() => later(0, false)}
    >
      {cloneElement(children, { 'aria-describedby': shown ? id : undefined })}
      {shown && (
        <span
          ref={(tip) => tip && place(tip, around.current?.firstElementChild)}
          id={id}
          role="tooltip"
          {...{ popover: 'manual' }}
          className="fixed inset-auto m-0 max-w-64 rounded-lg bg-ink px-2.5 py-1.5 text-xs font-medium text-canvas shadow-pop"
        >
          {text}
        </span>
      )}
    </span>
  );
}

/** Above what it explains, in the middle; below where there is no room, and never past the window's edge. */
function place(tip: HTMLElement, explained: Element | null | undefined): void {
  if (!explained || tip.matches(':popover-open')) return;
  tip.showPopover();
  const target = explained.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const left = target.left + (target.width - width) / 2;
  const above = target.top - height - GAP;
  tip.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - width - EDGE))}px`;
  tip.style.top = `${above < EDGE ? target.bottom + GAP : above}px`;
}
