import type { EventType, Plan, Step, Turn, TurnEvent } from '#server/turns/contract.ts';

/** What the page knows of one turn: the newest snapshot with events applied up to and including `seq`. */
export type TurnView = { turn: Turn; plan: Plan | null; seq: number };

export type TurnInput = { type: 'snapshot'; turn: Turn } | { type: 'events'; events: readonly TurnEvent[] };

export function viewOf(turn: Turn): TurnView {
  return { turn, plan: planFromSteps(turn), seq: turn.lastSeq };
}

/**
 * Pure and idempotent: an event that was applied before, or that leaves a gap, changes nothing (the reader asks again
 * after `seq`). A snapshot holds what running steps have said up to its `lastSeq`, so a reader goes on from there. Its steps
 * may be a little newer than that: what has settled stays as it is.
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
  if (turn.lastSeq < view.seq || (turn.lastSeq === view.seq && saysTheSame(turn, view.turn))) return view;
  const next = viewOf(turn);
  return { ...next, plan: view.plan ?? next.plan };
}

/** A page is loaded again for the few turns that changed: the others are not drawn again. */
function saysTheSame(turn: Turn, before: Turn): boolean {
  return JSON.stringify(turn) === JSON.stringify(before);
}

function applyEvent(view: TurnView, event: TurnEvent): TurnView {
  if (event.turnId !== view.turn.id || event.seq !== view.seq + 1) return view;
  const next = { ...view, seq: event.seq };
  switch (event.type) {
    case 'turn_queued':
      return next;
    case 'turn_started':
      return withTurn(next, { status: 'running', startedAt: view.turn.startedAt ?? event.at });
    case 'route_decided':
      return { ...next, plan: event.data };
    case 'step_started':
      return withStep(next, { ...event.data, status: 'running', content: '', toolCalls: [] });
    case 'step_delta':
      return updateStep(next, event.stepId, (step) => ({ ...step, content: step.content + event.data.text }));
    case 'tool_started':
    case 'tool_completed':
      return updateStep(next, event.stepId, (step) => ({
        ...step,
        toolCalls: [...step.toolCalls.filter(({ id }) => id !== event.data.id), event.data],
      }));
    case 'step_completed':
    case 'step_failed':
    case 'step_skipped':
    case 'step_cancelled':
      return withStep(next, event.data);
    case 'turn_completed':
    case 'turn_failed':
    case 'turn_cancelled': {
      const { siblingTurnIds } = view.turn;
      const turn = siblingTurnIds ? { ...event.data, siblingTurnIds } : event.data;
      return { ...next, turn, plan: view.plan ?? planFromSteps(turn) };
    }
  }
}

function withTurn(view: TurnView, change: Partial<Turn>): TurnView {
  return { ...view, turn: { ...view.turn, ...change } };
}

/** A step that has settled never runs again in its turn. */
function withStep(view: TurnView, step: Step): TurnView {
  const { steps } = view.turn;
  const before = steps.find(({ id }) => id === step.id);
  if (before && isSettled(before) && !isSettled(step)) return view;
  const others = steps.filter(({ id }) => id !== step.id);
  return withTurn(view, { steps: [...others, step].sort((a, b) => a.index - b.index) });
}

function updateStep(view: TurnView, stepId: string, change: (step: Step) => Step): TurnView {
  const steps = view.turn.steps.map((step) => (step.id !== stepId || isSettled(step) ? step : change(step)));
  return withTurn(view, { steps });
}

/** After a reload the plan is read back from the steps that it led to. */
function planFromSteps({ mode, steps }: Turn): Plan | null {
  const manager = steps.find(({ kind }) => kind === 'manager');
  if (mode !== 'orchestrator' || manager?.status !== 'completed') return null;
  if (manager.plan) return manager.plan;
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

/** Taken out of the queue before anybody looked at it: its message left the conversation with it. */
export function wasNeverBegun({ status, startedAt }: Pick<Turn, 'status' | 'startedAt'>): boolean {
  return status === 'cancelled' && startedAt === null;
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
