import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { Turn } from '#server/turns/contract.ts';
import { Button } from '#app/components/ui/button.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';

/** “‹ 2/3 ›”: which of the branches that part here is shown. Editing and answering again make them. */
export function BranchSwitcher({ turn }: { turn: Pick<Turn, 'id' | 'siblingTurnIds'> }) {
  const { onBranch, pendingId, canWrite } = useTimeline();
  const siblings = turn.siblingTurnIds ?? [];
  const place = siblings.indexOf(turn.id);
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
        onClick={() => target !== undefined && onBranch(target)}
      >
        <Icon aria-hidden className="size-3.5" />
      </Button>
    );
  };
  return (
    <span role="group" aria-label="Branches" className="inline-flex items-center text-xs text-ink-faint tabular-nums">
      {go(place - 1, 'Branch before', ChevronLeft)}
      <span>
        <span className="sr-only">Branch </span>
        {place + 1}/{siblings.length}
      </span>
      {go(place + 1, 'Next branch', ChevronRight)}
    </span>
  );
}
