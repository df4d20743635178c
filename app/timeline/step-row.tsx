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
  const [states, setStates] = useState<Readonly<Record<string, WindowState>>>({});
  const closed = steps.length > COLUMNS ? 'closed' : 'narrow';
  const stateOf = ({ id }: Step) => states[id] ?? closed;
  const many = steps.length > 1;
  const allOpen = steps.every((step) => stateOf(step) === 'open');

  const ids = steps.map(({ id }) => id).join(' ');
  const setAll = useCallback(
    (state: WindowState) => setStates(Object.fromEntries(ids.split(' ').map((id) => [id, state]))),
    [ids],
  );
  // Who opens something begins to read: what grows then mustn’t take them to its end.
  const onWindow = useCallback(
    (stepId: string, state: WindowState) => {
      leaveEnd();
      setStates((before) => ({ ...before, [stepId]: state }));
    },
    [leaveEnd],
  );
  useEffect(() => {
    if (!watched || !many || !over || !row.current) return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting === false && setAll('open'));
    seen.observe(row.current);
    return () => seen.disconnect();
  }, [watched, many, over, setAll]);

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
        {...(watched && many && { window: stateOf(step), onWindow, rowOver: over })}
      />
    );
    return wakes ? <Wake key={step.id}>{card}</Wake> : card;
  });
  return (
    <div
      ref={row}
      data-parallel={many || undefined}
      className={cn(
        'group/row grid grid-cols-1',
        many && 'gap-x-8 gap-y-5 @min-[62rem]:max-w-[60rem]! @min-[62rem]:grid-cols-2',
      )}
    >
      {watched && many && (
        <div
          className={cn(
            'col-span-full -mb-3 flex h-8 items-center gap-2 text-xs text-ink-faint pointer-coarse:h-11',
            closed === 'narrow' && '@min-[62rem]:hidden',
          )}
        >
          <ModeLabel mode={turn.mode} />
          <span className="truncate tabular-nums">
            {steps.length} agents at once, {steps.filter(isSettled).length} of {steps.length} done
          </span>
          <Button
            variant="ghost"
            size="sm"
            className="invisible -mr-2.5 ml-auto group-has-data-hides/row:visible group-has-[[data-window=open]]/row:visible"
            aria-expanded={allOpen}
            onClick={() => {
              leaveEnd();
              setAll(allOpen ? closed : 'open');
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
