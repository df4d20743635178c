import { SkipForward } from 'lucide-react';
import { memo, useState } from 'react';
import type { Step, Turn, TurnMode } from '#server/turns/contract.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { MODE_INFO } from '#app/components/modes.ts';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Tooltip } from '#app/components/ui/tooltip.tsx';
import { Elapsed } from '#app/timeline/elapsed.tsx';
import { isSettled } from '#app/timeline/reduce.ts';
import { messageAnchor } from '#app/timeline/message-actions.tsx';
import { StepContent } from '#app/timeline/step-content.tsx';
import { StepWindow, type WindowActions, type WindowState } from '#app/timeline/step-window.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';

type StepCardProps = {
  step: Step;
  turnId: string;
  turnStatus: Turn['status'];
  mode: TurnMode;
  /** Others of its turn come after it. */
  followed?: boolean;
} & Partial<WindowState & WindowActions>;

/**
 * One agent’s message: who, on which model, in which mode, what it said, how long it took and what it cost. Behind a window it
 * follows its own end and moves nothing else.
 */
export const StepCard = memo(function StepCard(props: StepCardProps) {
  const {
    step,
    turnId,
    turnStatus,
    mode,
    followed = false,
    state,
    narrow = false,
    hides = false,
    onOpen,
    onHides,
  } = props;
  const { looks } = useTimeline();
  const behindWindow = state && onOpen && onHides;
  const [grows] = useState(!isSettled(step));
  const turnOver = turnStatus !== 'running';
  if (step.status === 'pending' && (!behindWindow || turnOver)) return <WaitingStep step={step} over={turnOver} />;
  const look = step.agentId === null ? null : looks.get(step.agentId);
  const title = step.kind === 'synthesis' ? `${step.agentName}’s summary` : step.agentName;
  const content = <StepContent step={step} turnId={turnId} turnOver={turnOver} mode={mode} />;
  return (
    <article
      aria-label={`${title}, ${STATUS_WORDS[step.status]}`}
      id={messageAnchor(step.id)}
      tabIndex={-1}
      data-step={step.status}
      className={cn(
        'group/step gap-3 rounded-xl outline-none data-flash:animate-flash sm:flex',
        // Of those who write at once only what is seen is laid out, until it is. Not of the last: the timeline ends with it.
        '[contain-intrinsic-block-size:auto_12rem] [overflow-clip-margin:1rem]',
        grows && followed && !behindWindow && '[content-visibility:auto] print:[content-visibility:visible]',
      )}
    >
      <AgentMark look={look} muted={step.status === 'skipped'} className="mt-0.5 max-sm:hidden" />
      <div className="min-w-0 flex-1">
        {behindWindow ? (
          <StepWindow
            stepId={step.id}
            state={asksForSomething(step) ? 'whole' : state}
            narrow={narrow}
            hides={hides}
            onOpen={onOpen}
            onHides={onHides}
            whose={step.agentName}
            header={
              <>
                <AgentMark look={look} size="sm" muted={step.status === 'skipped'} className="sm:hidden" />
                <h2 className="truncate text-sm font-semibold tracking-tight">{title}</h2>
                <ModelLabel step={step} className={isSettled(step) ? 'min-w-0' : 'min-w-0 max-sm:hidden'} />
                <StepStatus step={step} className="min-w-26 shrink-0 whitespace-nowrap" />
              </>
            }
            action={step.status === 'running' && <SkipButton step={step} turnId={turnId} iconOnly />}
          >
            {content}
          </StepWindow>
        ) : (
          <>
            <header className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-0.5 text-[13px] max-sm:mb-1.5">
              <AgentMark look={look} size="sm" muted={step.status === 'skipped'} className="sm:hidden" />
              <h2 className="text-sm font-semibold tracking-tight">{title}</h2>
              <ModelLabel step={step} />
              <ModeLabel mode={mode} />
              <StepStatus step={step} />
            </header>
            {content}
            {step.status === 'running' && <SkipButton step={step} turnId={turnId} />}
          </>
        )}
      </div>
    </article>
  );
});

/** What waits for its person is shown whole, whatever it moves. */
function asksForSomething({ toolCalls }: Step): boolean {
  return toolCalls.some(({ status }) => status === 'waiting');
}

/** An agent whose turn will come: one line, so that what is being said keeps the room. */
function WaitingStep({ step, over }: { step: Step; over: boolean }) {
  const { looks } = useTimeline();
  return (
    <article
      aria-label={`${step.agentName}, waiting`}
      data-step="pending"
      className="flex min-h-6 items-center gap-3 text-[13px] text-ink-faint"
    >
      <span className="flex justify-center sm:w-8">
        <AgentMark look={step.agentId === null ? null : looks.get(step.agentId)} size="sm" muted />
      </span>
      <span>
        <span className="font-medium text-ink-soft">{step.agentName}</span>{' '}
        {over ? 'was not started' : 'waits for its turn'}
      </span>
    </article>
  );
}

const STATUS_WORDS: Record<Step['status'], string> = {
  pending: 'waiting',
  running: 'answering',
  completed: 'finished',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'stopped',
};

/** `meta-llama/llama-3.3-70b-instruct` reads as `llama-3.3-70b-instruct`. */
function shortModel(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1);
}

export function ModelLabel({ step, className }: { step: Step; className?: string }) {
  const { modelNames } = useTimeline();
  const asked = step.requestedModel;
  const served = step.servedModel;
  const name = modelNames[step.modelAlias] ?? step.modelAlias;
  const differs = asked !== null && served !== null && served !== asked;
  const label = differs ? `${shortModel(asked)} → ${shortModel(served)}` : asked ? shortModel(asked) : name;
  const detail = asked ? `${name} · asked for ${asked}${served ? `, served by ${served}` : ''}` : name;
  return (
    <Tooltip text={detail}>
      <span
        tabIndex={-1}
        className={cn(
          'max-w-full truncate rounded-md bg-sunken px-1.5 py-px font-mono text-[11px] text-ink-soft',
          className,
        )}
      >
        <span className="sr-only">Model: </span>
        {label}
      </span>
    </Tooltip>
  );
}

export function ModeLabel({ mode }: { mode: TurnMode }) {
  const { label, icon: Icon } = MODE_INFO[mode];
  return (
    <span className="inline-flex items-center gap-1 text-xs text-ink-faint">
      <Icon aria-hidden className="size-3" />
      <span className="sr-only">Mode: </span>
      {label}
    </span>
  );
}

function StepStatus({ step, className }: { step: Step; className?: string }) {
  if (step.status === 'pending') return <span className={cn('text-xs text-ink-faint', className)}>Waiting</span>;
  if (step.status !== 'running') return null;
  return (
    <span className={cn('inline-flex items-center gap-1.5 text-xs text-accent', className)}>
      <span aria-hidden className="size-1.5 animate-breathe rounded-full bg-accent" />
      {asksForSomething(step) ? 'Waits for you' : step.content === '' ? 'Thinking' : 'Writing'}
      {step.startedAt && <Elapsed since={step.startedAt} />}
    </span>
  );
}

function SkipButton({ step, turnId, iconOnly = false }: { step: Step; turnId: string; iconOnly?: boolean }) {
  const { onSkip, pendingId, canWrite } = useTimeline();
  if (!canWrite) return null;
  const pending = pendingId === step.id;
  const button = (
    <Button
      variant="ghost"
      size={iconOnly ? 'icon' : 'sm'}
      className={iconOnly ? 'text-ink-faint' : 'mt-1.5 -ml-2.5'}
      pending={pending}
      onClick={() => onSkip(turnId, step.id)}
      aria-label={`Skip ${step.agentName}`}
    >
      {!(iconOnly && pending) && <SkipForward aria-hidden className="size-3.5" />}
      {!iconOnly && 'Skip'}
    </Button>
  );
  return iconOnly ? <Tooltip text={`Skip ${step.agentName}`}>{button}</Tooltip> : button;
}
