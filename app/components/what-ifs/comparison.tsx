import { Link, useNavigate } from '@remix-run/react';
import { FlaskConical, Square, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import { callApi, problemMessage } from '#app/components/api.ts';
import { citationsOf, CitationsProvider } from '#app/components/citations/citations-context.ts';
import { formatCredits, formatDuration, formatTokens } from '#app/components/format.ts';
import { MODE_INFO } from '#app/components/modes.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { useLooks } from '#app/components/use-looks.ts';
import { changeOf, differencesOf, figuresOf, type Figures } from '#app/components/what-ifs/differences.ts';
import { PlanCard } from '#app/timeline/plan-card.tsx';
import { hasEnded, viewOf, type TurnView } from '#app/timeline/reduce.ts';
import { StepCard } from '#app/timeline/step-card.tsx';
import { TimelineProvider, type TimelineContext } from '#app/timeline/timeline-context.ts';
import { useConversation } from '#app/timeline/use-conversation.ts';

type ComparisonProps = {
  original: Turn;
  whatIfs: readonly Turn[];
  /** Of the conversation that the turn is from. */
  speakers: readonly { id: string; name: string }[];
  modelNames: Readonly<Record<string, string>>;
  canWrite: boolean;
  onChanged: () => void;
  /** Beside the original while nothing was tried. */
  empty: ReactNode;
};

/** A turn as it was and as it was tried: columns on a wide screen, side by side to swipe through on a phone. */
export function Comparison(props: ComparisonProps) {
  const { original, whatIfs, speakers, modelNames, canWrite, onChanged, empty } = props;
  const { views, connection, announcement } = useConversation({ turns: whatIfs, older: null }, onChanged);
  const [problem, setProblem] = useState<string | null>(null);
  const columns = [viewOf(original), ...views];
  const row = useRef<HTMLDivElement>(null);
  const timeline = useReadOnlyTimeline(useLooks(speakers, [original, ...whatIfs]), modelNames);
  const act = (work: Promise<unknown>) => {
    setProblem(null);
    work.then(onChanged, (error: unknown) => setProblem(problemMessage(error)));
  };
  const show = (place: number) =>
    row.current?.children[place]?.scrollIntoView({ behavior: 'smooth', block: 'nearest', inline: 'start' });
  const shown = useRef(columns.length);
  useEffect(() => {
    // What was just tried comes into view.
    if (columns.length > shown.current) {
      row.current?.lastElementChild?.scrollIntoView({ behavior: 'smooth', block: 'nearest', inline: 'end' });
    }
    shown.current = columns.length;
  }, [columns.length]);
  return (
    <TimelineProvider value={timeline}>
      <p role="status" className="sr-only">
        {announcement}
      </p>
      {problem !== null && <Alert tone="danger">{problem}</Alert>}
      {(connection === 'reconnecting' || connection === 'offline') && (
        <Alert tone="warn">
          {connection === 'offline' ? 'You’re offline.' : 'Reconnecting…'} The agents go on meanwhile.
        </Alert>
      )}
      {columns.length > 1 && (
        <nav aria-label="Columns" className="flex gap-1.5 overflow-x-auto p-0.5 lg:hidden">
          {columns.map(({ turn }, place) => (
            <Button key={turn.id} size="sm" variant="neutral" onClick={() => show(place)}>
              {titleOf(place)}
            </Button>
          ))}
        </nav>
      )}
      <div
        ref={row}
        role="group"
        aria-label="Side by side"
        tabIndex={0}
        className="relative flex snap-x snap-mandatory items-start gap-4 overflow-x-auto overscroll-x-contain pb-3"
      >
        {columns.map((view, place) => (
          <Column
            key={view.turn.id}
            view={view}
            title={titleOf(place)}
            original={place === 0 ? null : original}
            modelNames={modelNames}
            actions={
              place > 0 && canWrite ? (
                <ColumnActions
                  turn={view.turn}
                  title={titleOf(place)}
                  onStop={() => act(callApi('POST', `/turns/${view.turn.id}/stop`))}
                  onDelete={() => act(callApi('DELETE', `/turns/${original.id}/what-ifs/${view.turn.id}`))}
                />
              ) : null
            }
          />
        ))}
        {whatIfs.length === 0 && empty}
      </div>
    </TimelineProvider>
  );
}

function titleOf(place: number): string {
  return place === 0 ? 'As it was' : `What if ${place}`;
}

type ColumnProps = {
  view: TurnView;
  title: string;
  original: Turn | null;
  modelNames: Readonly<Record<string, string>>;
  actions: ReactNode;
};

function Column({ view, title, original, modelNames, actions }: ColumnProps) {
  const { turn } = view;
  const { label, icon: Icon } = MODE_INFO[turn.mode];
  const differences = original ? differencesOf(original, turn, modelNames) : [];
  return (
    <section
      aria-label={title}
      data-turn={turn.status}
      className={cn(
        'flex w-[calc(100vw-2.5rem)] max-w-xl shrink-0 snap-start flex-col rounded-2xl border bg-raised sm:w-96 lg:min-w-80 lg:flex-1',
        original ? 'border-line' : 'border-line-strong',
      )}
    >
      <header className="space-y-2 border-b border-line px-4 py-3">
        <div className="flex min-h-8 items-center gap-2">
          {original && <FlaskConical aria-hidden className="size-4 shrink-0 text-accent" />}
          <h2 className="flex-1 truncate text-sm font-semibold tracking-tight">{title}</h2>
          {actions}
        </div>
        <p className="flex flex-wrap gap-1.5">
          <Badge>
            <Icon aria-hidden className="size-3" />
            {label}
          </Badge>
          {original && differences.length === 0 && <Badge tone="accent">the same again</Badge>}
          {differences
            .filter((difference) => difference !== label)
            .map((difference) => (
              <Badge key={difference} tone="accent" className="whitespace-normal">
                {difference}
              </Badge>
            ))}
        </p>
        <FigureRow figures={figuresOf(turn)} before={original ? figuresOf(original) : null} turn={turn} />
      </header>
      <div className="space-y-5 px-4 py-4">
        <CitationsProvider value={citationsOf(turn)}>
          {turn.steps.map((step) =>
            step.kind === 'manager' ? (
              <PlanCard key={step.id} view={view} step={step} />
            ) : (
              <StepCard key={step.id} step={step} turnId={turn.id} turnStatus={turn.status} mode={turn.mode} />
            ),
          )}
        </CitationsProvider>
        {turn.status === 'failed' && (
          <Alert tone="warn" title="It ended without an answer">
            {turn.error?.message ?? 'No agent could answer.'}
          </Alert>
        )}
        {turn.status === 'queued' && <p className="text-sm text-ink-faint">Waits for its turn in the conversation.</p>}
      </div>
    </section>
  );
}

/** Credits, tokens and time, and how they differ from what it was. */
function FigureRow({ figures, before, turn }: { figures: Figures; before: Figures | null; turn: Turn }) {
  const over = hasEnded(turn);
  const parts = [
    {
      label: 'Credits',
      value: formatCredits(figures.microCredits),
      change: before && over ? changeOf(Number(before.microCredits), Number(figures.microCredits)) : '',
      to: `/turns/${turn.id}/receipt`,
    },
    {
      label: 'Tokens',
      value: formatTokens(figures.tokens),
      change: before && over ? changeOf(before.tokens, figures.tokens) : '',
    },
    {
      label: 'Time',
      value: figures.ms === null ? '…' : formatDuration(figures.ms),
      change: before?.ms && figures.ms !== null ? changeOf(before.ms, figures.ms) : '',
    },
  ];
  return (
    <dl className="grid grid-cols-3 gap-2 text-[13px] tabular-nums">
      {parts.map(({ label, value, change, to }) => (
        <div key={label}>
          <dt className="text-xs text-ink-faint">{label}</dt>
          <dd className="font-medium">
            {to ? (
              <Link to={to} className="underline-offset-2 hover:underline">
                {value}
              </Link>
            ) : (
              value
            )}
            {change !== '' && <span className="block text-xs font-normal text-ink-faint">{change}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

type ColumnActionsProps = { turn: Turn; title: string; onStop: () => void; onDelete: () => void };

function ColumnActions({ turn, title, onStop, onDelete }: ColumnActionsProps) {
  const [asking, setAsking] = useState(false);
  if (!hasEnded(turn)) {
    return (
      <Button size="sm" onClick={onStop} aria-label={`Stop: ${title}`}>
        <Square aria-hidden className="size-3 fill-current" />
        Stop
      </Button>
    );
  }
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label={`Delete: ${title}`}
        title="Delete"
        onClick={() => setAsking(true)}
      >
        <Trash2 aria-hidden className="size-4" />
      </Button>
      <Confirm open={asking} onOpenChange={setAsking} title={`Delete “${title}”?`} verb="Delete" onConfirm={onDelete}>
        Its answers are gone for good. What it cost stays in your usage.
      </Confirm>
    </>
  );
}

/** Cards as in a timeline, to look at and not to change: what is done with a turn is done where it is said. */
function useReadOnlyTimeline(
  looks: TimelineContext['looks'],
  modelNames: Readonly<Record<string, string>>,
): TimelineContext {
  const navigate = useNavigate();
  return useMemo(
    () => ({
      looks,
      modelNames,
      pendingId: null,
      canWrite: false,
      kept: null,
      onKeep: nothing,
      onSkip: nothing,
      onRegenerate: nothing,
      onCancel: nothing,
      onBranch: nothing,
      onQuote: nothing,
      onPin: nothing,
      onMoveUp: nothing,
      onShare: nothing,
      onResend: () => Promise.resolve(false),
      pinned: new Set<string>(),
      onXray: (turnId: string, stepId: string) => {
        navigate(`/turns/${turnId}/steps/${stepId}/xray`);
      },
    }),
    [looks, modelNames, navigate],
  );
}

function nothing(): void {
  // Nothing can be changed here.
}
