import { Link } from '@remix-run/react';
import { ArrowUp, Clock, X } from 'lucide-react';
import { memo, useEffect, useId, useRef, useState } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import { CitationsProvider, useCitations } from '#app/components/citations/citations-context.ts';
import { formatCredits, formatDuration } from '#app/components/format.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Wake } from '#app/components/wake.tsx';
import { rowsOf } from '#app/timeline/parallel.ts';
import { hasEnded, type TurnView } from '#app/timeline/reduce.ts';
import { Dot } from '#app/timeline/step-content.tsx';
import { StepRow } from '#app/timeline/step-row.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';
import { UserMessage } from '#app/timeline/user-message.tsx';

type TurnItemProps = {
  view: TurnView;
  /** In the line of those that wait. */
  place: number;
  /** Also where it isn’t seen. */
  laidOut: boolean;
};

/**
 * One message and everything that came of it. Each turn that ended and each of its steps wakes by itself: a page that does in one
 * go holds up the first press on a phone. One that runs is awake from the start: what it says next mustn't wait for others.
 */
export const TurnItem = memo(function TurnItem(props: TurnItemProps) {
  const [ended] = useState(() => hasEnded(props.view.turn));
  const content = <TurnContent {...props} wakes={ended} />;
  return ended ? <Wake>{content}</Wake> : content;
});

function TurnContent({ view, place, laidOut, wakes }: TurnItemProps & { wakes: boolean }) {
  const { turn } = view;
  const citations = useCitations(turn);
  if (turn.status === 'queued') return <QueuedTurn turn={turn} place={place} />;
  return (
    <section
      aria-label={`Turn: ${turn.message.slice(0, 60)}`}
      data-turn={turn.status}
      // What is far away is not laid out, but found, linked to and read out all the same.
      className={cn(
        'space-y-5 px-4 [contain-intrinsic-block-size:auto_24rem] sm:px-6 *:mx-auto *:max-w-[47rem]',
        hasEnded(turn) && !laidOut && '[content-visibility:auto] print:[content-visibility:visible]',
      )}
    >
      <UserMessage turn={turn} />
      {turn.warnings.map((warning) => (
        <Alert key={warning.message} tone="warn">
          {warning.message}
        </Alert>
      ))}
      <CitationsProvider value={citations}>
        {rowsOf(view).map((steps) => (
          <StepRow key={steps[0]?.id} view={view} steps={steps} wakes={wakes} />
        ))}
      </CitationsProvider>
      {hasEnded(turn) && <TurnEnd turn={turn} />}
    </section>
  );
}

function TurnEnd({ turn }: { turn: Turn }) {
  if (turn.status === 'failed') {
    return (
      <Alert tone="warn" title="This turn ended without an answer">
        {turn.error?.message ?? 'No agent could answer.'}
      </Alert>
    );
  }
  const answers = turn.steps.filter(({ status }) => status === 'completed').length;
  if (turn.status === 'completed' && answers < 2 && turn.failedSteps === 0) return null;
  const ms = turn.startedAt && turn.finishedAt ? Date.parse(turn.finishedAt) - Date.parse(turn.startedAt) : null;
  return (
    <p className="flex flex-wrap items-center justify-center gap-x-1.5 text-xs text-ink-faint tabular-nums">
      {turn.status === 'cancelled' ? 'Stopped' : 'Turn complete'}
      {turn.failedSteps > 0 && (
        <>
          <Dot />
          <span>
            {turn.failedSteps === 1 ? '1 agent could not answer' : `${turn.failedSteps} agents could not answer`}
          </span>
        </>
      )}
      {ms !== null && (
        <>
          <Dot />
          <span>{formatDuration(ms)}</span>
        </>
      )}
      <Dot />
      <Link
        to={`/turns/${turn.id}/receipt`}
        className="underline-offset-2 hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:min-w-11 pointer-coarse:items-center"
      >
        {formatCredits(turn.chargedMicroCredits)} credits in all
      </Link>
    </p>
  );
}

function QueuedTurn({ turn, place }: { turn: Turn; place: number }) {
  const { onCancel, onMoveUp, pendingId, canWrite } = useTimeline();
  const placeId = useId();
  const up = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const moved = useRef(false);
  // A node that changes places loses the focus, and who is first has no button to move up with.
  useEffect(() => {
    if (moved.current) (up.current ?? cancel.current)?.focus();
    moved.current = false;
  }, [place]);
  return (
    <section
      aria-label="Waiting message"
      data-turn="queued"
      className="mx-auto flex max-w-[50rem] flex-col items-end gap-1 px-4 sm:px-6"
    >
      <p className="max-w-[min(100%,38rem)] rounded-2xl rounded-br-md border border-dashed border-line-strong px-4 py-2.5 text-[15px] leading-relaxed break-words whitespace-pre-wrap text-ink-soft">
        {turn.message}
      </p>
      <div className="flex items-center gap-1.5 text-xs text-ink-faint">
        <Clock aria-hidden className="size-3.5" />
        <span id={placeId}>{place === 0 ? 'Next in line' : `Waiting, number ${place + 1} in line`}</span>
        {canWrite && place > 0 && (
          <Button
            ref={up}
            variant="ghost"
            size="sm"
            pending={pendingId === `up-${turn.id}`}
            onClick={() => {
              moved.current = true;
              onMoveUp(turn.id);
            }}
            aria-label="Move this waiting message up"
          >
            <ArrowUp aria-hidden className="size-3.5" />
            Sooner
          </Button>
        )}
        {canWrite && (
          <Button
            ref={cancel}
            variant="ghost"
            size="sm"
            pending={pendingId === turn.id}
            onClick={() => onCancel(turn)}
            aria-label="Cancel this waiting message"
            aria-describedby={placeId}
          >
            <X aria-hidden className="size-3.5" />
            Cancel
          </Button>
        )}
      </div>
    </section>
  );
}
