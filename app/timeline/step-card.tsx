import { Link } from '@remix-run/react';
import { RotateCcw, SkipForward, Square, TriangleAlert } from 'lucide-react';
import { memo, useState } from 'react';
import type { Step, Turn, TurnMode } from '#server/turns/contract.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { formatCount, formatCredits, formatDuration, formatTokens } from '#app/components/format.ts';
import { Markdown } from '#app/components/markdown.tsx';
import { MODE_INFO } from '#app/components/modes.ts';
import { Button } from '#app/components/ui/button.tsx';
import { cn } from '#app/components/ui/cn.ts';
import { Tooltip } from '#app/components/ui/tooltip.tsx';
import { Elapsed } from '#app/timeline/elapsed.tsx';
import { isSettled } from '#app/timeline/reduce.ts';
import { MessageActions, messageAnchor } from '#app/timeline/message-actions.tsx';
import { Sources } from '#app/timeline/sources.tsx';
import { StepTools } from '#app/timeline/step-tools.tsx';
import { XrayLink } from '#app/timeline/xray-link.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';

type StepCardProps = {
  step: Step;
  turnId: string;
  turnStatus: Turn['status'];
  mode: TurnMode;
  /** Others of its turn come after it. */
  followed?: boolean;
};

/** One agent’s message: who, on which model, in which mode, what it said, how long it took and what it cost. */
export const StepCard = memo(function StepCard({ step, turnId, turnStatus, mode, followed = false }: StepCardProps) {
  const { looks } = useTimeline();
  const [grows] = useState(!isSettled(step));
  const look = step.agentId === null ? null : looks.get(step.agentId);
  if (step.status === 'pending') return <WaitingStep step={step} over={turnStatus !== 'running'} />;
  const title = step.kind === 'synthesis' ? `${step.agentName}’s summary` : step.agentName;
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
        grows && followed && '[content-visibility:auto] print:[content-visibility:visible]',
      )}
    >
      <AgentMark look={look} muted={step.status === 'skipped'} className="mt-0.5 max-sm:hidden" />
      <div className="min-w-0 flex-1">
        <header className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-0.5 text-[13px] max-sm:mb-1.5">
          <AgentMark look={look} size="sm" muted={step.status === 'skipped'} className="sm:hidden" />
          <h2 className="text-sm font-semibold tracking-tight">{title}</h2>
          <ModelLabel step={step} />
          <ModeLabel mode={mode} />
          <StepStatus step={step} />
        </header>
        {step.instruction && <Instruction text={step.instruction} />}
        <StepTools calls={step.toolCalls} />
        <StepBody step={step} turnId={turnId} mode={mode} />
        {isSettled(step) && <Sources citations={step.citations ?? []} />}
        {isSettled(step) && <StepFooter step={step} turnId={turnId} turnOver={turnStatus !== 'running'} />}
        {step.status === 'running' && <SkipButton step={step} turnId={turnId} />}
      </div>
    </article>
  );
});

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

export function ModelLabel({ step }: { step: Step }) {
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
        className="max-w-full truncate rounded-md bg-sunken px-1.5 py-px font-mono text-[11px] text-ink-soft"
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

function StepStatus({ step }: { step: Step }) {
  if (step.status !== 'running') return null;
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-accent">
      <span aria-hidden className="size-1.5 animate-breathe rounded-full bg-accent" />
      {step.toolCalls.some(({ status }) => status === 'waiting')
        ? 'Waits for you'
        : step.content === ''
          ? 'Thinking'
          : 'Writing'}
      {step.startedAt && <Elapsed since={step.startedAt} />}
    </span>
  );
}

function Instruction({ text }: { text: string }) {
  return (
    <p className="mt-0.5 mb-1.5 border-l-2 border-line-strong pl-2.5 text-[13px] leading-relaxed text-ink-faint">
      <span className="sr-only">Task: </span>
      {text}
    </p>
  );
}

function StepBody({ step, turnId, mode }: Pick<StepCardProps, 'step' | 'turnId' | 'mode'>) {
  const text = step.content === '' ? null : <Markdown text={step.content} streaming={step.status === 'running'} />;
  switch (step.status) {
    case 'pending':
      return null;
    case 'running':
      return text ?? <ThinkingLines />;
    case 'completed':
      return text ?? <p className="text-sm text-ink-faint">It answered with nothing.</p>;
    case 'failed':
      return (
        <>
          {text}
          <FailedNote step={step} turnId={turnId} mode={mode} />
        </>
      );
    case 'skipped':
    case 'cancelled':
      return (
        <>
          {text}
          <p className="mt-1 inline-flex items-center gap-1.5 text-[13px] text-ink-faint">
            {step.status === 'skipped' ? (
              <SkipForward aria-hidden className="size-3.5" />
            ) : (
              <Square aria-hidden className="size-3" />
            )}
            {step.error?.message ?? (step.status === 'skipped' ? 'You skipped this agent.' : 'Stopped here.')}
          </p>
        </>
      );
  }
}

function ThinkingLines() {
  return (
    <div aria-hidden className="mt-2 space-y-2">
      <div className="h-2.5 w-3/5 animate-breathe rounded-full bg-sunken" />
      <div className="h-2.5 w-2/5 animate-breathe rounded-full bg-sunken [animation-delay:200ms]" />
    </div>
  );
}

/** A failure is an ordinary card: what happened, in plain words, and what can be done. */
function FailedNote({ step, turnId, mode }: Pick<StepCardProps, 'step' | 'turnId' | 'mode'>) {
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-warn/25 bg-warn-soft px-3.5 py-2.5 text-sm">
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
      <p className="min-w-0 flex-1 basis-48 text-ink-soft">
        {step.error?.message ?? 'This agent could not answer.'}
        {mode !== 'direct' && step.kind === 'agent' && ' The others are not affected.'}
      </p>
      <RegenerateButton step={step} turnId={turnId} label="Try again" />
    </div>
  );
}

function SkipButton({ step, turnId }: { step: Step; turnId: string }) {
  const { onSkip, pendingId, canWrite } = useTimeline();
  if (!canWrite) return null;
  return (
    <Button
      variant="ghost"
      size="sm"
      className="mt-1.5 -ml-2.5"
      pending={pendingId === step.id}
      onClick={() => onSkip(turnId, step.id)}
      aria-label={`Skip ${step.agentName}`}
    >
      <SkipForward aria-hidden className="size-3.5" />
      Skip
    </Button>
  );
}

function RegenerateButton({ step, turnId, label }: { step: Step; turnId: string; label?: string }) {
  const { onRegenerate, pendingId, canWrite } = useTimeline();
  if (!canWrite) return null;
  const name = `${label ?? 'Answer again'}: ${step.agentName}`;
  const press = () => onRegenerate(turnId, step.id);
  return label ? (
    <Button size="sm" pending={pendingId === step.id} onClick={press} aria-label={name}>
      <RotateCcw aria-hidden className="size-3.5" />
      {label}
    </Button>
  ) : (
    <Tooltip text="Answer again, on a new branch">
      <Button
        variant="ghost"
        size="icon"
        className="size-7 text-ink-faint"
        pending={pendingId === step.id}
        onClick={press}
        aria-label={name}
      >
        {pendingId !== step.id && <RotateCcw aria-hidden className="size-3.5" />}
      </Button>
    </Tooltip>
  );
}

function StepFooter({ step, turnId, turnOver }: { step: Step; turnId: string; turnOver: boolean }) {
  const { usage } = step;
  const tokens = `${formatCount(usage.promptTokens)} in${
    usage.cachedTokens > 0 ? ` (${formatCount(usage.cachedTokens)} cached)` : ''
  }, ${formatCount(usage.completionTokens)} out`;
  return (
    <footer className="mt-1 flex min-h-7 flex-wrap items-center gap-x-2 text-xs text-ink-faint">
      {step.reusedFromStepId !== null ? (
        <span>Kept from before, at no cost</span>
      ) : (
        usage.totalTokens > 0 && (
          <span className="inline-flex flex-wrap items-center gap-x-1.5 tabular-nums">
            <span>{formatDuration(durationOf(step))}</span>
            <Dot />
            <Tooltip text={tokens}>
              <span tabIndex={-1}>{formatTokens(usage.totalTokens)} tokens</span>
            </Tooltip>
            <Dot />
            <Link
              to={`/turns/${turnId}/receipt`}
              className="underline-offset-2 hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:min-w-11 pointer-coarse:items-center"
            >
              {formatCredits(usage.chargedMicroCredits)} credits
            </Link>
          </span>
        )
      )}
      <span className="flex items-center transition-opacity pointer-coarse:-my-1 pointer-coarse:-ml-3.5 pointer-fine:opacity-0 pointer-fine:group-focus-within/step:opacity-100 pointer-fine:group-hover/step:opacity-100">
        {step.content !== '' && (
          <MessageActions messageId={step.id} text={step.content} whose={`${step.agentName}’s message`} />
        )}
        <XrayLink step={step} turnId={turnId} />
        {turnOver && step.status !== 'failed' && <RegenerateButton step={step} turnId={turnId} />}
      </span>
    </footer>
  );
}

export function Dot() {
  return <span aria-hidden>·</span>;
}

function durationOf(step: Step): number {
  return step.startedAt && step.finishedAt
    ? Date.parse(step.finishedAt) - Date.parse(step.startedAt)
    : step.usage.latencyMs;
}
