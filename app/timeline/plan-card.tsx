import { Check, Circle, SkipForward, TriangleAlert } from 'lucide-react';
import type { Plan, Step } from '#server/turns/contract.ts';
import { AgentMark } from '#app/components/agent-mark.tsx';
import { formatCredits, formatDuration } from '#app/components/format.ts';
import { Spinner } from '#app/components/ui/spinner.tsx';
import { progressOf, type TurnView } from '#app/timeline/reduce.ts';
import { ModeLabel, ModelLabel, StepCard } from '#app/timeline/step-card.tsx';
import { Dot } from '#app/timeline/step-content.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';
import { XrayLink } from '#app/timeline/xray-link.tsx';

/** The manager’s step: while it thinks an ordinary card, then its plan with how far it has come. */
export function PlanCard({ view, step }: { view: TurnView; step: Step }) {
  const { plan, turn } = view;
  if (!plan) return <StepCard step={step} turnId={turn.id} turnStatus={turn.status} mode={turn.mode} />;
  const { done, expected } = progressOf(view);
  return (
    <article aria-label={`${step.agentName}’s plan`} data-step={step.status} className="gap-3 sm:flex">
      <AgentMark look={null} className="mt-0.5 max-sm:hidden" />
      <div className="min-w-0 flex-1">
        <header className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-0.5 text-[13px] max-sm:mb-1.5">
          <AgentMark look={null} size="sm" className="sm:hidden" />
          <h2 className="text-sm font-semibold tracking-tight">{step.agentName}’s plan</h2>
          <ModelLabel step={step} />
          <ModeLabel mode={turn.mode} />
        </header>
        <div className="mt-1 overflow-hidden rounded-xl border border-line bg-raised">
          {plan.rationale !== '' && <p className="px-4 pt-3 text-sm leading-relaxed text-ink-soft">{plan.rationale}</p>}
          <ol className="px-4 py-3">
            {plan.assignments.map((assignment, place) => (
              <PlanItem key={`${place}-${assignment.agent}`} assignment={assignment} step={stepFor(view, place)} />
            ))}
            <SummaryItem view={view} name={step.agentName} />
          </ol>
          <div className="flex flex-wrap items-center gap-x-2 border-t border-line bg-canvas/60 px-4 py-1.5 text-xs whitespace-nowrap text-ink-faint tabular-nums">
            <span className="font-medium text-ink-soft">
              {done} of {expected}
            </span>
            {step.usage.totalTokens > 0 && (
              <>
                <Dot />
                <span>planned in {formatDuration(step.usage.latencyMs)}</span>
                <Dot />
                <span>{formatCredits(step.usage.chargedMicroCredits)} credits</span>
              </>
            )}
            <span className="ml-auto">
              <XrayLink step={step} turnId={turn.id} />
            </span>
          </div>
        </div>
      </div>
    </article>
  );
}

/** The manager’s own step has index 0; the worker of the plan’s n-th assignment has index n + 1. */
function stepFor({ turn }: TurnView, place: number): Step | undefined {
  return turn.steps.filter(({ kind }) => kind === 'agent').find(({ index }) => index === place + 1);
}

function PlanItem({ assignment, step }: { assignment: Plan['assignments'][number]; step: Step | undefined }) {
  const { looks } = useTimeline();
  return (
    <li className="flex gap-2.5 py-1 text-sm">
      <ItemMark status={step?.status ?? 'pending'} />
      <span className="min-w-0">
        <span className="inline-flex items-baseline gap-1.5 font-medium">
          {step?.agentId && <AgentMark look={looks.get(step.agentId)} size="xs" className="self-center" />}
          {assignment.agent}
        </span>
        <span className="text-ink-faint"> {assignment.instruction}</span>
        {assignment.files && assignment.files.length > 0 && (
          <span className="block truncate text-xs text-ink-faint">May read {assignment.files.join(', ')}</span>
        )}
      </span>
    </li>
  );
}

function SummaryItem({ view, name }: { view: TurnView; name: string }) {
  const synthesis = view.turn.steps.find(({ kind }) => kind === 'synthesis');
  return (
    <li className="flex gap-2.5 py-1 text-sm">
      <ItemMark status={synthesis?.status ?? 'pending'} />
      <span className="text-ink-soft">{name} sums up</span>
    </li>
  );
}

function ItemMark({ status }: { status: Step['status'] }) {
  const box = 'mt-0.5 size-4 shrink-0';
  switch (status) {
    case 'completed':
      return <Check role="img" aria-label="Done" className={`${box} text-ok`} />;
    case 'running':
      return <Spinner className={`${box} text-accent`} />;
    case 'failed':
      return <TriangleAlert role="img" aria-label="Failed" className={`${box} text-warn`} />;
    case 'skipped':
    case 'cancelled':
      return <SkipForward role="img" aria-label="Left out" className={`${box} text-ink-faint`} />;
    case 'pending':
      return <Circle role="img" aria-label="Waiting" className={`${box} p-0.5 text-line-strong`} />;
  }
}
