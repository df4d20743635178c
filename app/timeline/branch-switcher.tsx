import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import { Button } from '#app/components/ui/button.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';

/** Whose branches are being gone through: the switcher of the next one takes the focus over. */
let switching: string | null = null;

/** “‹ 2/3 ›”: which of the branches that part here is shown. Editing and answering again make them. */
export function BranchSwitcher({ turn }: { turn: Pick<Turn, 'id' | 'siblingTurnIds'> }) {
  const { onBranch, pendingId, canWrite } = useTimeline();
  const siblings = turn.siblingTurnIds ?? [];
  const place = siblings.indexOf(turn.id);
  const group = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (switching === turn.id) group.current?.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
    switching = null;
  }, [turn.id]);
  if (siblings.length < 2 || place === -1) return null;
  const go = (to: number, label: string, Icon: typeof ChevronLeft) => {
    const target = siblings[to];
    return (
      <Button
        variant="ghost"
        size="icon"
        className="size-7 text-ink-faint"
        aria-label={label}
        disabled={target === undefined || !canWrite}
        pending={target !== undefined && pendingId === target}
        onClick={() => {
          if (target === undefined) return;
          switching = target;
          onBranch(target);
        }}
      >
        <Icon aria-hidden className="size-3.5" />
      </Button>
    );
  };
  return (
    <span
      ref={group}
      role="group"
      aria-label="Branches"
      className="inline-flex items-center text-xs text-ink-faint tabular-nums"
    >
      {go(place - 1, 'Branch before', ChevronLeft)}
      <span>
        <span className="sr-only">Branch </span>
        {place + 1}/{siblings.length}
      </span>
      {go(place + 1, 'Next branch', ChevronRight)}
    </span>
  );
}
