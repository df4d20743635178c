/**
 * What a graph needs from the world. Production implements it with the journal, the meter and the event log
 * (`server/turns/ports-for-turn.ts`); Studio with plain model calls (`graphs/studio.ts`).
 */
import type { LangGraphRunnableConfig } from '@langchain/langgraph';

export type AgentSnapshot = {
  id: string;
  name: string;
  modelAlias: string;
  rolePrompt: string;
  toolPermissions: { search: boolean; files: boolean };
  memoryPolicy: 'full' | 'summary' | 'selective' | 'none';
  fallbackAlias: string | null;
  position: number;
};

/** One message of what a model is sent. Text from outside is always a plain string. */
export type PromptMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** What an agent remembers of the conversation before this turn, already inside its token budget. */
export type Recollection = { summary: string | null; messages: PromptMessage[] };

/** A step is named by its place in the plan, so that a replay from any checkpoint finds what was recorded. */
export type StepSpec = {
  /** Unique in the turn and the same on every replay, e.g. `agent:0`, `manager`, `work:1.0`, `synthesis`. */
  key: string;
  /** Its place in the timeline, from 0. */
  index: number;
  kind: 'manager' | 'agent' | 'synthesis';
  /** Null for the platform's manager, which is nobody in the room. */
  agentId: string | null;
  agentName: string;
  modelAlias: string;
  fallbackAlias: string | null;
  toolPermissions: { search: boolean; files: boolean };
  instruction: string | null;
  /** Files that the manager directed this worker to; null where the mode has no such notion. */
  fileIds: string[] | null;
};

export type ModelAsk = {
  messages: PromptMessage[];
  /** Asks for JSON of this shape. */
  structured?: { name: string; schema: Record<string, unknown> };
  maxOutputTokens?: number;
};

/** Passes streamed text on, holding back what may have to be trimmed. What it returns, joined, is the final content. */
export type TextFilter = { push(text: string): string; end(): string };

/** How a step talks with its model. Pure: the port makes the calls, runs permitted tools and journals everything. */
export type StepScript = {
  ask: ModelAsk;
  /** Present when the reply is streamed to the reader; absent for structured output, which is shown when it is done. */
  filter?: () => TextFilter;
  /**
   * Judges a finished reply (never one with open tool calls; those the port resolves and asks again). `asked` is how often
   * the model was asked so far: 1 for the first reply.
   */
  judge: (reply: { text: string; asked: number }) => Verdict;
};

export type Verdict =
  /** `content` is ignored for a streamed step: what passed the filter is the content. */
  | { kind: 'done'; content: string; plan?: Plan }
  | { kind: 'ask'; ask: ModelAsk }
  | { kind: 'fail'; code: string; message: string };

export type Assignment = { agent: string; instruction: string; group: number; files?: string[] };
export type Plan = { rationale: string; assignments: Assignment[] };

export type StepResult = {
  status: 'completed' | 'failed' | 'skipped' | 'cancelled';
  content: string;
  plan: Plan | null;
  error: { code: string; message: string } | null;
};

export type Ports = {
  recall(agent: Pick<AgentSnapshot, 'id' | 'name' | 'modelAlias' | 'memoryPolicy'>): Promise<Recollection>;
  /**
   * Runs a step or returns what is recorded of it. A failed step is a result, not an exception; it throws only
   * what must end the whole run (stopped, lease lost, a cap or the hold exhausted), and nodes must let that pass.
   */
  runStep(spec: StepSpec, script: StepScript): Promise<StepResult>;
};

/** Graphs are compiled once; the ports of the run at hand are found by its config. */
export type PortsFor = (config: LangGraphRunnableConfig) => Ports;
