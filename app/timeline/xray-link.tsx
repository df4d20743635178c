import { Link } from '@remix-run/react';
import { ScanSearch } from 'lucide-react';
import type { Step } from '#server/turns/contract.ts';
import { Button } from '#app/components/ui/button.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';

/** Opens a step’s X-ray beside the timeline; in a tab of its own it is a page. */
export function XrayLink({ step, turnId }: { step: Pick<Step, 'id' | 'agentName'>; turnId: string }) {
  const { onXray } = useTimeline();
  return (
    <Button
      asChild
      variant="ghost"
      size="icon"
      className="size-7 text-ink-faint"
      title="X-ray: what it was sent, and why"
    >
      <Link
        to={`/turns/${turnId}/steps/${step.id}/xray`}
        aria-label={`X-ray of ${step.agentName}’s step`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onXray(turnId, step.id);
        }}
      >
        <ScanSearch aria-hidden className="size-3.5" />
      </Link>
    </Button>
  );
}
