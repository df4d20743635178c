import type { Step } from '#server/turns/contract.ts';
import type { TurnView } from '#app/timeline/reduce.ts';

/** A turn's steps in rows: those of one row worked at the same time. */
export function rowsOf({ turn, plan }: Pick<TurnView, 'turn' | 'plan'>): Step[][] {
  const rows: { key: string; steps: Step[] }[] = [];
  for (const step of turn.steps) {
    const key = rowKey(step);
    const last = rows.at(-1);
    if (last?.key === key) last.steps.push(step);
    else rows.push({ key, steps: [step] });
  }
  return rows.map(({ steps }) => steps);

  function rowKey(step: Step): string {
    if (step.kind !== 'agent') return step.id;
    if (turn.mode === 'manual') return 'together';
    // The manager's own step has index 0; the worker of the plan's n-th assignment has index n + 1.
    const group = turn.mode === 'orchestrator' ? plan?.assignments[step.index - 1]?.group : undefined;
    return group === undefined ? step.id : `group ${group}`;
  }
}
