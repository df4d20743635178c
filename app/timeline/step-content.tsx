import { Link } from '@remix-run/react';
import { RotateCcw, SkipForward, Square, TriangleAlert } from 'lucide-react';
import type { Step, TurnMode } from '#server/turns/contract.ts';
import { formatCount, formatCredits, formatDuration, formatTokens } from '#app/components/format.ts';
import { Markdown } from '#app/components/markdown.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Tooltip } from '#app/components/ui/tooltip.tsx';
import { MessageActions } from '#app/timeline/message-actions.tsx';
import { isSettled } from '#app/timeline/reduce.ts';
import { Sources } from '#app/timeline/sources.tsx';
import { StepTools } from '#app/timeline/step-tools.tsx';
import { XrayLink } from '#app/timeline/xray-link.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';

type StepContentProps = { step: Step; turnId: string; turnOver: boolean; mode: TurnMode };

/** What a step did and said, and what can be done with it. */
export function StepContent({ step, turnId, turnOver, mode }: StepContentProps) {
  return (
    <>
      {step.instruction && <Instruction text={step.instruction} />}
      <StepTools calls={step.toolCalls} />
      <StepBody step={step} turnId={turnId} mode={mode} />
      {isSettled(step) && <Sources citations={step.citations ?? []} />}
      {isSettled(step) && <StepFooter step={step} turnId={turnId} turnOver={turnOver} />}
    </>
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

function StepBody({ step, turnId, mode }: Omit<StepContentProps, 'turnOver'>) {
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
function FailedNote({ step, turnId, mode }: Omit<StepContentProps, 'turnOver'>) {
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

function StepFooter({ step, turnId, turnOver }: Omit<StepContentProps, 'mode'>) {
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
