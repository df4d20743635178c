import { Maximize2, Minimize2 } from 'lucide-react';
import { useCallback, useEffect, useRef, type ReactNode, type RefObject } from 'react';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Tooltip } from '#app/components/ui/tooltip.tsx';

export type WindowState = {
  /** `whole`: there is nothing to open. */
  state: 'closed' | 'open' | 'whole';
  /** Only where its row has one column. */
  narrow: boolean;
  /** More than it shows. */
  hides: boolean;
};
export type WindowActions = {
  onOpen: (stepId: string, open: boolean) => void;
  /** `hides` is null while the window itself is out of sight, since nothing in it is laid out then. */
  onHides: (stepId: string, hides: boolean | null) => void;
};

const CLOSED =
  'relative overflow-hidden rounded-xl border border-line bg-raised print:border-0 print:bg-transparent ' +
  // What is above the window fades out under its edge.
  'data-hides:before:pointer-events-none data-hides:before:absolute data-hides:before:inset-x-0 data-hides:before:top-0 data-hides:before:z-1 ' +
  'data-hides:before:h-8 data-hides:before:bg-linear-to-b data-hides:before:from-raised data-hides:before:to-transparent print:before:hidden';
/** Laid out by itself, and not at all where it isn’t seen. */
const CLOSED_INNER =
  'h-[max(9rem,18dvh)] overflow-hidden px-3.5 py-2 [contain:strict] [content-visibility:auto] @min-[62rem]:h-[max(12rem,30dvh)] ' +
  'print:h-auto print:p-0 print:[contain:none] print:[content-visibility:visible]';
const WHOLE_WHEN_WIDE =
  '@min-[62rem]:rounded-none @min-[62rem]:border-0 @min-[62rem]:bg-transparent @min-[62rem]:before:hidden';
const WHOLE_WHEN_WIDE_INNER =
  '@min-[62rem]:h-auto @min-[62rem]:overflow-visible @min-[62rem]:p-0 @min-[62rem]:[contain:none] @min-[62rem]:[content-visibility:visible]';

type StepWindowProps = WindowState &
  WindowActions & { stepId: string; whose: string; header: ReactNode; action: ReactNode; children: ReactNode };

/**
 * What one of several writes at the same time: a line of who it is, and a window as high from the first word to the last, which
 * follows the end of what is written. So nothing on the page moves while all of them write, and a browser lays out and paints
 * no more than the window.
 */
export function StepWindow(props: StepWindowProps) {
  const { stepId, state, narrow, hides, onOpen, onHides, whose, header, action, children } = props;
  const outer = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const closed = state === 'closed';
  useFollowedEnd(
    outer,
    inner,
    closed,
    useCallback((now: boolean | null) => onHides(stepId, now), [onHides, stepId]),
  );
  const open = state === 'open';
  const label = open ? `Fold ${whose}’s answer` : `Show all of ${whose}’s answer`;
  return (
    <>
      <header className="mb-1 flex h-8 items-center gap-x-2 text-[13px] pointer-coarse:h-11">
        {header}
        <span className="ml-auto flex w-16 shrink-0 justify-end pointer-coarse:w-22">
          {action}
          <Tooltip text={label}>
            <Button
              variant="ghost"
              size="icon"
              className={cn(
                'text-ink-faint',
                !open && !(closed && hides) && 'invisible',
                narrow && '@min-[62rem]:hidden',
              )}
              aria-expanded={open}
              aria-label={label}
              onClick={() => onOpen(stepId, !open)}
            >
              {open ? <Minimize2 aria-hidden className="size-3.5" /> : <Maximize2 aria-hidden className="size-3.5" />}
            </Button>
          </Tooltip>
        </span>
      </header>
      <div
        data-window={closed && narrow ? 'narrow' : state}
        data-hides={hides || undefined}
        className={cn(closed && CLOSED, closed && narrow && WHOLE_WHEN_WIDE)}
      >
        <div ref={outer} className={cn(closed && CLOSED_INNER, closed && narrow && WHOLE_WHEN_WIDE_INNER)}>
          <div ref={inner} className="flow-root">
            {children}
          </div>
        </div>
      </div>
    </>
  );
}

/** Keeps the end in sight, unless somebody is in there with the keyboard, and tells whether anything is hidden. */
function useFollowedEnd(
  outer: RefObject<HTMLElement>,
  inner: RefObject<HTMLElement>,
  follows: boolean,
  onHides: (hides: boolean | null) => void,
): void {
  useEffect(() => {
    const root = outer.current;
    const content = inner.current;
    if (!follows || !root || !content) return;
    let told: boolean | null = null;
    const tell = (hides: boolean | null) => {
      if (hides !== told) onHides(hides);
      told = hides;
    };
    const follow = () => {
      if (!content.checkVisibility({ contentVisibilityAuto: true })) return;
      const beyond = root.scrollHeight - root.clientHeight;
      tell(beyond > 1);
      if (!root.contains(document.activeElement)) root.scrollTop = beyond;
    };
    const grown = new ResizeObserver(follow);
    grown.observe(root);
    grown.observe(content);
    // What comes into sight again may be as high as it was; and what is new is out of sight until it has been laid out.
    const onSight = (event: Event) => {
      if (event.target !== root) return;
      if ((event as ContentVisibilityAutoStateChangeEvent).skipped) tell(null);
      else follow();
    };
    root.addEventListener('contentvisibilityautostatechange', onSight);
    return () => {
      grown.disconnect();
      root.removeEventListener('contentvisibilityautostatechange', onSight);
    };
  }, [outer, inner, follows, onHides]);
}
