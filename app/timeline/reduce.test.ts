import { describe, expect, test } from 'vitest';
import type { Step, Turn, TurnEvent } from '#server/turns/contract.ts';
import { progressOf, reduceTurn, viewOf, type TurnView } from '#app/timeline/reduce.ts';

const at = '2026-03-10T12:00:00.000Z';
const usage = {
  promptTokens: 0,
  completionTokens: 0,
  cachedTokens: 0,
  totalTokens: 0,
  chargedMicroCredits: '0',
  latencyMs: 0,
};

function step(id: string, index: number, change: Partial<Step> = {}): Step {
  return {
    id,
    index,
    kind: 'agent',
    agentId: `agent-${id}`,
    agentName: id,
    modelAlias: 'llama',
    requestedModel: null,
    servedModel: null,
    startedAt: null,
    finishedAt: null,
    status: 'pending',
    instruction: null,
    content: '',
    toolCalls: [],
    reusedFromStepId: null,
    usage,
    ...change,
  };
}

function turn(change: Partial<Turn> = {}): Turn {
  return {
    id: 't',
    roomId: 'r',
    parentTurnId: null,
    status: 'queued',
    mode: 'roundtable',
    message: 'Hello',
    roster: [],
    steps: [step('a', 0), step('b', 1)],
    failedSteps: 0,
    chargedMicroCredits: '0',
    reservedMicroCredits: '0',
    warnings: [],
    createdAt: at,
    startedAt: null,
    finishedAt: null,
    lastSeq: 1,
    ...change,
  };
}

type Bare = TurnEvent extends infer E ? (E extends TurnEvent ? Omit<E, 'seq' | 'turnId' | 'at'> : never) : never;
const log = (events: Bare[]): TurnEvent[] =>
  events.map((event, place) => ({ ...event, seq: place + 1, turnId: 't', at }));

const doneA = step('a', 0, { status: 'completed', content: 'Hi there' });
const doneB = step('b', 1, { status: 'failed', error: { code: 'overloaded', message: 'The model is busy.' } });
const ended = turn({ status: 'completed', steps: [doneA, doneB], failedSteps: 1, lastSeq: 9 });

const EVENTS = log([
  { type: 'turn_queued', data: { position: 1 } },
  { type: 'turn_started', data: { mode: 'roundtable', message: 'Hello' } },
  { type: 'step_started', stepId: 'a', data: step('a', 0, { status: 'running' }) },
  { type: 'step_delta', stepId: 'a', data: { text: 'Hi ' } },
  { type: 'step_delta', stepId: 'a', data: { text: 'there' } },
  { type: 'step_completed', stepId: 'a', data: doneA },
  { type: 'step_started', stepId: 'b', data: step('b', 1, { status: 'running' }) },
  { type: 'step_failed', stepId: 'b', data: doneB },
  { type: 'turn_completed', data: ended },
]);

const play = (view: TurnView, events: TurnEvent[]) => reduceTurn(view, { type: 'events', events });
const contents = (view: TurnView) => view.turn.steps.map(({ status, content }) => `${status}:${content}`);

describe('FR-RT-004: the timeline is the same however its events arrive', () => {
  const whole = play(viewOf(turn()), EVENTS);

  test('in one go', () => {
    expect(whole.turn).toEqual(ended);
    expect(whole.seq).toBe(9);
  });

  test.each(EVENTS.map((_, cut) => [cut]))('cut after %d events and read again from the start', (cut) => {
    const part = play(viewOf(turn()), EVENTS.slice(0, cut));
    expect(play(part, EVENTS)).toEqual(whole);
    expect(play(play(part, EVENTS.slice(cut)), EVENTS)).toEqual(whole);
  });

  test('each one twice', () => {
    expect(
      play(
        viewOf(turn()),
        EVENTS.flatMap((event) => [event, event]),
      ),
    ).toEqual(whole);
  });

  test('an event after a gap waits until the gap is read', () => {
    const part = play(viewOf(turn()), EVENTS.slice(0, 4));
    expect(play(part, EVENTS.slice(5))).toEqual(part);
  });

  test('an event of another turn is not ours', () => {
    const view = viewOf(turn());
    expect(play(view, [{ ...EVENTS[0]!, turnId: 'other' }])).toBe(view);
  });
});

test('FR-MODE-005: deltas go to their own step, whoever speaks at the same time', () => {
  const view = play(
    viewOf(turn({ mode: 'manual' })),
    log([
      { type: 'turn_queued', data: { position: 1 } },
      { type: 'step_started', stepId: 'b', data: step('b', 1, { status: 'running' }) },
      { type: 'step_started', stepId: 'a', data: step('a', 0, { status: 'running' }) },
      { type: 'step_delta', stepId: 'b', data: { text: 'B' } },
      { type: 'step_delta', stepId: 'a', data: { text: 'A' } },
      { type: 'step_delta', stepId: 'b', data: { text: 'b' } },
    ]),
  );
  expect(contents(view)).toEqual(['running:A', 'running:Bb']);
});

test('a step that starts again after a crash starts with no text', () => {
  const view = play(
    viewOf(turn()),
    log([
      { type: 'turn_queued', data: { position: 1 } },
      { type: 'step_started', stepId: 'a', data: step('a', 0, { status: 'running' }) },
      { type: 'step_delta', stepId: 'a', data: { text: 'lost in the cr' } },
      { type: 'step_started', stepId: 'a', data: step('a', 0, { status: 'running' }) },
      { type: 'step_delta', stepId: 'a', data: { text: 'Hi' } },
    ]),
  );
  expect(contents(view)).toEqual(['running:Hi', 'pending:']);
});

describe('a page that joins in the middle of a turn', () => {
  const joined = viewOf(turn({ status: 'running', steps: [doneA, step('b', 1, { status: 'running' })], lastSeq: 7 }));

  test('never sees a finished step unfinished again', () => {
    for (let count = 0; count < 8; count += 1) {
      expect(contents(play(joined, EVENTS.slice(0, count)))[0]).toBe('completed:Hi there');
    }
  });

  test('ends like one that was there from the start', () => expect(play(joined, EVENTS).turn).toEqual(ended));
});

test('a page that joins in the middle of an answer goes on from what was said', () => {
  const said = step('a', 0, { status: 'running', content: 'Hi ' });
  const joined = viewOf(turn({ status: 'running', steps: [said, step('b', 1)], lastSeq: 4 }));
  expect(contents(joined)[0]).toBe('running:Hi ');
  expect(contents(play(joined, EVENTS.slice(0, 5)))[0]).toBe('running:Hi there');
  expect(play(joined, EVENTS).turn).toEqual(ended);
});

test('a later snapshot wins with what it says, an earlier one doesn’t', () => {
  const view = play(viewOf(turn()), EVENTS.slice(0, 4));
  const said = step('a', 0, { status: 'running', content: 'Hi there' });
  const running = turn({ status: 'running', steps: [said, step('b', 1)], lastSeq: 5 });
  expect(contents(reduceTurn(view, { type: 'snapshot', turn: running }))[0]).toBe('running:Hi there');
  expect(reduceTurn(view, { type: 'snapshot', turn: turn() })).toBe(view);
  expect(reduceTurn(view, { type: 'snapshot', turn: ended }).turn).toEqual(ended);
});

test('a snapshot that says nothing new leaves the view as it is, one that says something else doesn’t', () => {
  const view = viewOf(ended);
  expect(reduceTurn(view, { type: 'snapshot', turn: structuredClone(ended) })).toBe(view);
  const deleted = { ...ended, message: '' };
  expect(reduceTurn(view, { type: 'snapshot', turn: deleted }).turn).toEqual(deleted);
});

test('AT-005: an orchestration shows the plan while it runs and after a reload', () => {
  const plan = {
    rationale: 'Two views help.',
    assignments: [
      { agent: 'a', instruction: 'For', group: 0 },
      { agent: 'b', instruction: 'Against', group: 0 },
    ],
  };
  const manager = step('m', 0, { kind: 'manager', agentId: null, status: 'completed', content: 'Two views help.' });
  const start = viewOf(turn({ mode: 'orchestrator', steps: [{ ...manager, status: 'pending', content: '' }] }));
  const routed = play(
    start,
    log([
      { type: 'turn_queued', data: { position: 1 } },
      { type: 'route_decided', stepId: 'm', data: plan },
      { type: 'step_completed', stepId: 'm', data: manager },
      { type: 'step_completed', stepId: 'a', data: { ...doneA, index: 1, instruction: 'For' } },
    ]),
  );
  expect(routed.plan).toEqual(plan);
  expect(progressOf(routed)).toEqual({ done: 1, expected: 3 });
  const steps = [manager, { ...doneA, index: 1, instruction: 'For' }];
  expect(viewOf(turn({ mode: 'orchestrator', status: 'completed', steps })).plan).toEqual({
    rationale: 'Two views help.',
    assignments: [{ agent: 'a', instruction: 'For', group: 1 }],
  });
});
