import type { EventType, Plan, Step, Turn, TurnEvent } from '#server/turns/contract.ts';

/**
 * What the page knows of one turn. `turn` is the newest snapshot with events applied; `seq` the last event applied in
 * order; `snapshotSeq` the point in the log up to which the snapshot already tells how settled steps ended.
 */
export type TurnView = { turn: Turn; plan: Plan | null; seq: number; snapshotSeq: number };

export type TurnInput = { type: 'snapshot'; turn: Turn } | { type: 'events'; events: readonly TurnEvent[] };

export function viewOf(turn: Turn): TurnView {
  const over = hasEnded(turn);
  return { turn, plan: planFromSteps(turn), seq: over ? turn.lastSeq : 0, snapshotSeq: turn.lastSeq };
}

/**
 * Pure and idempotent: an event that was applied before, or that leaves a gap, changes nothing (the reader asks again
 * after `seq`). A reader that joins in the middle of a turn replays it from the start, since a snapshot holds no
 * unfinished text: what the snapshot has settled stays as it is, and only the running steps fill up.
 */
export function reduceTurn(view: TurnView, input: TurnInput): TurnView {
  switch (input.type) {
    case 'snapshot':
      return takeSnapshot(view, input.turn);
    case 'events':
      return input.events.reduce(applyEvent, view);
  }
}

function takeSnapshot(view: TurnView, turn: Turn): TurnView {
  if (turn.lastSeq < Math.max(view.seq, view.snapshotSeq)) return view;
  const next = viewOf(turn);
  if (hasEnded(turn)) return { ...next, plan: view.plan ?? next.plan };
  const steps = turn.steps.map((step) => {
    const known = view.turn.steps.find(({ id }) => id === step.id);
    return known && step.status === 'running' && known.status === 'running'
      ? { ...step, content: known.content }
      : step;
  });
  return { turn: { ...turn, steps }, plan: view.plan ?? next.plan, seq: view.seq, snapshotSeq: turn.lastSeq };
}

function applyEvent(view: TurnView, event: TurnEvent): TurnView {
  if (event.turnId !== view.turn.id || event.seq !== view.seq + 1) return view;
  const next = { ...view, seq: event.seq };
  const known = event.seq <= view.snapshotSeq;
  switch (event.type) {
    case 'turn_queued':
      return next;
    case 'turn_started':
      return known ? next : withTurn(next, { status: 'running', startedAt: view.turn.startedAt ?? event.at });
    case 'route_decided':
      return { ...next, plan: event.data };
    case 'step_started':
      return withStep(next, { ...event.data, status: 'running', content: '', toolCalls: [] }, known);
    case 'step_delta':
      return updateStep(next, event.stepId, (step) => ({ ...step, content: step.content + event.data.text }), known);
    case 'tool_started':
    case 'tool_completed':
      return updateStep(
        next,
        event.stepId,
        (step) => ({ ...step, toolCalls: [...step.toolCalls.filter(({ id }) => id !== event.data.id), event.data] }),
        known,
      );
    case 'step_completed':
    case 'step_failed':
    case 'step_skipped':
    case 'step_cancelled':
      return withStep(next, event.data, known);
    case 'turn_completed':
    case 'turn_failed':
    case 'turn_cancelled':
      return {
        ...next,
        turn: event.data,
        plan: view.plan ?? planFromSteps(event.data),
        snapshotSeq: event.data.lastSeq,
      };
  }
}

function withTurn(view: TurnView, change: Partial<Turn>): TurnView {
  return { ...view, turn: { ...view.turn, ...change } };
}

function withStep(view: TurnView, step: Step, known: boolean): TurnView {
  const { steps } = view.turn;
  const before = steps.find(({ id }) => id === step.id);
  if (known && before && isSettled(before)) return view;
  const others = steps.filter(({ id }) => id !== step.id);
  return withTurn(view, { steps: [...others, step].sort((a, b) => a.index - b.index) });
}

function updateStep(view: TurnView, stepId: string, change: (step: Step) => Step, known: boolean): TurnView {
  const steps = view.turn.steps.map((step) => (step.id !== stepId || (known && isSettled(step)) ? step : change(step)));
  return withTurn(view, { steps });
}

/** After a reload the plan is read back from the steps that it led to. */
function planFromSteps({ mode, steps }: Turn): Plan | null {
  const manager = steps.find(({ kind }) => kind === 'manager');
  if (mode !== 'orchestrator' || manager?.status !== 'completed') return null;
  const workers = steps.filter(({ kind }) => kind === 'agent');
  return {
    rationale: manager.content,
    assignments: workers.map(({ agentName, instruction, index }) => ({
      agent: agentName,
      instruction: instruction ?? '',
      group: index,
    })),
  };
}

export function isSettled(step: Pick<Step, 'status'>): boolean {
  return step.status !== 'pending' && step.status !== 'running';
}

export function hasEnded(turn: Pick<Turn, 'status'>): boolean {
  return turn.status !== 'queued' && turn.status !== 'running';
}

const ENDS: readonly EventType[] = ['turn_completed', 'turn_failed', 'turn_cancelled'];

export function endsTurn(event: Pick<TurnEvent, 'type'>): boolean {
  return ENDS.includes(event.type);
}

/** How many of the agents’ steps are through, of how many that are expected. */
export function progressOf({ turn, plan }: TurnView): { done: number; expected: number } {
  const steps = turn.steps.filter(({ kind }) => kind !== 'manager');
  const planned = plan ? plan.assignments.length + 1 : 0;
  return { done: steps.filter(isSettled).length, expected: Math.max(steps.length, hasEnded(turn) ? 0 : planned) };
}
