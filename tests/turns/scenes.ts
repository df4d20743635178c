import { setTimeout as sleep } from 'node:timers/promises';
import type { Turn, TurnEvent } from '#server/turns/contract.ts';
import type { TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import type { Behaviour, Rule } from '../support/model-server/behaviour.ts';
import type { LogEntry } from '../support/model-server/log.ts';
import { followEvents } from '../support/turns.ts';

/** A problem document, as far as tests look at it. */
export type Problem = {
  code: string;
  detail: string;
  status: number;
  errors?: { path: string; message: string }[];
  [member: string]: unknown;
};

/** What the model does when it is asked as this agent. */
export function as(agent: string, behaviour: Behaviour, times?: number): Rule {
  return { match: { system: briefOf(agent) }, behaviour, ...(times === undefined ? {} : { times }) };
}

/** What the manager does: `plan` when it is asked for one, `synthesis` when it sums up. */
export function asManager(part: 'plan' | 'synthesis', behaviour: Behaviour, times?: number): Rule {
  const system = part === 'plan' ? 'you decide who works on it' : 'the agents you chose have worked on it';
  return { match: { system }, behaviour, ...(times === undefined ? {} : { times }) };
}

/** The requests that were made as this agent, in order. */
export function askedAs(product: Pick<TestApp, 'modelServer'>, agent: string): LogEntry[] {
  return product.modelServer.log.filter((entry) => entry.system.includes(briefOf(agent)));
}

function briefOf(agent: string): string {
  return `You are ${agent}, one of the agents`;
}

/** What a request's messages say, the system prompt aside. */
export function said(entry: LogEntry | undefined): string[] {
  return (entry?.messages ?? []).filter(({ role }) => role !== 'system').map(({ content }) => content ?? '');
}

/** Follows a turn until an event is there, and hangs up. */
export async function waitForEvent(
  client: Client,
  turnId: string,
  wanted: (event: TurnEvent) => boolean,
): Promise<TurnEvent> {
  for await (const event of followEvents(client, turnId)) if (wanted(event)) return event;
  throw new Error('The turn ended without the event.');
}

/** Follows a turn until this agent's step has begun, and returns the step's id. */
export async function waitForStart(client: Client, turnId: string, agent: string): Promise<string> {
  const event = await waitForEvent(
    client,
    turnId,
    ({ type, data }) => type === 'step_started' && (data as { agentName: string }).agentName === agent,
  );
  return 'stepId' in event ? event.stepId : '';
}

/** Waits until the model server has been asked as this agent `times` times. */
export async function waitUntilAsked(
  product: Pick<TestApp, 'modelServer'>,
  agent: string,
  times = 1,
): Promise<LogEntry> {
  for (let waited = 0; waited < 15_000; waited += 10) {
    const entry = askedAs(product, agent)[times - 1];
    if (entry) return entry;
    await sleep(10);
  }
  throw new Error(`${agent}’s model was not asked.`);
}

export function stepOf(turn: Turn, agent: string): Turn['steps'][number] {
  const step = turn.steps.find(({ agentName }) => agentName === agent);
  if (!step) throw new Error(`The turn has no step of ${agent}.`);
  return step;
}

/** A row of llm_call_events, as an outside tool reads it. */
export type UsageEvent = {
  user_id: string;
  room_id: string | null;
  direct_session_id: string | null;
  agent_id: string | null;
  step_id: string | null;
  purpose: string;
  provider: string;
  model: string;
  model_alias: string;
  prompt_tokens: number;
  completion_tokens: number;
  cached_tokens: number;
  total_tokens: number;
  provider_cost_usd: string;
  credits_burned: bigint;
  latency_ms: number;
  status: string;
  pricing_version: number;
  multiplier: string;
  request_id: string;
  created_at: Date;
};

export async function usageOf(product: Pick<TestApp, 'db'>, turnId: string): Promise<UsageEvent[]> {
  const { rows } = await product.db.query<UsageEvent>(
    'SELECT * FROM llm_call_events WHERE turn_id = $1 ORDER BY created_at, id',
    [turnId],
  );
  return rows;
}

/** The final text of each step by its events alone: the deltas after its last start. */
export function textsOf(events: TurnEvent[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'step_started') texts.set(event.stepId, '');
    if (event.type === 'step_delta') {
      texts.set(event.stepId, (texts.get(event.stepId) ?? '') + event.data.text);
    }
  }
  return texts;
}

export const HANG: Behaviour = { hang: 'mid_stream', afterTokens: 3 };
