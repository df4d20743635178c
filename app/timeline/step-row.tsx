import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react';
import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import type { Step } from '#server/turns/contract.ts';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Wake } from '#app/components/wake.tsx';
import { PlanCard } from '#app/timeline/plan-card.tsx';
import { isSettled, type TurnView } from '#app/timeline/reduce.ts';
import { ModeLabel, StepCard } from '#app/timeline/step-card.tsx';
import type { WindowState } from '#app/timeline/step-window.tsx';
import { LeaveEnd } from '#app/timeline/use-stay-at-end.ts';

type StepRowProps = {
  view: TurnView;
  steps: readonly Step[];
  /** Each by itself, when the page comes from the server. */
  wakes: boolean;
};

/** So many stand side by side where there is room. */
const COLUMNS = 2;

/**
 * Those who work at the same time, side by side where there is room. A row that is watched while it is written shows each answer
 * through a window; when all have ended it stays as it is as long as somebody looks, and is whole when they come back.
 */
export function StepRow({ view, steps, wakes }: StepRowProps) {
  const { turn } = view;
  const row = useRef<HTMLDivElement>(null);
  const leaveEnd = useContext(LeaveEnd);
  const over = steps.every(isSettled);
  const [watched] = useState(!over);
  const [opened, setOpened] = useState<Readonly<Record<string, boolean>>>({});
  const [hiding, setHiding] = useState<Readonly<Record<string, boolean | null>>>({});
  const many = steps.length > 1;
  const narrow = steps.length <= COLUMNS;
  const allOpen = steps.every(({ id }) => opened[id]);
  const hidden = steps.some(({ id }) => hiding[id] && !opened[id]);

  const ids = steps.map(({ id }) => id).join(' ');
  const openAll = useCallback(
    (open: boolean) => setOpened(Object.fromEntries(ids.split(' ').map((id) => [id, open]))),
    [ids],
  );
  const onOpen = useCallback(
    (stepId: string, open: boolean) => {
      leaveEnd();
      setOpened((before) => ({ ...before, [stepId]: open }));
    },
    [leaveEnd],
  );
  const onHides = useCallback(
    (stepId: string, hides: boolean | null) => setHiding((before) => ({ ...before, [stepId]: hides })),
    [],
  );
  const windowOf = ({ id }: Step): WindowState => {
    const state = opened[id] ? 'open' : over && hiding[id] === false ? 'whole' : 'closed';
    return { state, narrow, hides: hiding[id] === true };
  };
  useEffect(() => {
    if (!watched || !many || !over || !row.current) return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting === false && openAll(true));
    seen.observe(row.current);
    return () => seen.disconnect();
  }, [watched, many, over, openAll]);

  const cards = steps.map((step) => {
    if (step.kind === 'manager') return <PlanCard key={step.id} view={view} step={step} />;
    const card = (
      <StepCard
        key={step.id}
        step={step}
        turnId={turn.id}
        turnStatus={turn.status}
        mode={turn.mode}
        followed={step !== turn.steps.at(-1)}
        {...(watched && many && { ...windowOf(step), onOpen, onHides })}
      />
    );
    return wakes ? <Wake key={step.id}>{card}</Wake> : card;
  });
  return (
    <div
      ref={row}
      data-parallel={many || undefined}
      className={cn(
        'grid grid-cols-1',
        many && 'gap-x-8 gap-y-5 @min-[62rem]:max-w-[60rem]! @min-[62rem]:grid-cols-2',
        // What the keyboard comes to is not left behind the line that stays at the top.
        hidden && '[&_:is(a,button)]:scroll-mt-12',
      )}
    >
      {watched && many && (
        <div
          className={cn(
            'col-span-full -mb-3 flex h-8 items-center gap-2 text-xs text-ink-faint pointer-coarse:h-11',
            // “Open all” belongs where the ends of the answers are read, however tall the row is.
            hidden && 'sticky top-0 z-10 bg-surface print:static',
            narrow && '@min-[62rem]:hidden',
          )}
        >
          <ModeLabel mode={turn.mode} />
          <span className="truncate tabular-nums">
            {steps.length} agents at once, {steps.filter(isSettled).length} of {steps.length} done
          </span>
          <Button
            variant="ghost"
            size="sm"
            className={cn(
              '-mr-2.5 ml-auto focus-visible:outline-offset-[-2px]',
              !steps.some(({ id }) => opened[id] || hiding[id]) && 'invisible',
            )}
            aria-expanded={allOpen}
            onClick={() => {
              // Who opens something begins to read: what grows then mustn’t take them to its end.
              leaveEnd();
              row.current?.scrollIntoView({ block: 'start' });
              openAll(!allOpen);
            }}
          >
            {allOpen ? (
              <ChevronsDownUp aria-hidden className="size-3.5" />
            ) : (
              <ChevronsUpDown aria-hidden className="size-3.5" />
            )}
            {allOpen ? 'Fold all' : 'Open all'}
          </Button>
        </div>
      )}
      {cards}
    </div>
  );
}
