import type { ModelAsk, StepScript, StepSpec } from '#graphs/ports.ts';
import type { ChatMessage, ToolRequest } from '#server/adapters/llm/port.ts';
import { offeredTools, permitOf, type Permit } from '#server/tools/gate.ts';
import { TOOL_LIMITS } from '#server/tools/limits.ts';
import type { CallAsk } from '#server/turns/call-model.ts';
import type { TurnRow } from '#server/turns/rows.ts';

/** Whatever has the turn's snapshot. */
type Turned = { turn: Pick<TurnRow, 'snapshot'> };

/** A step's tools, and how much of its leave to use them is spent. */
export type StepTools = { permit: Permit; rounds: number; calls: number; characters: number };

export function toolsOf({ turn }: Turned, spec: StepSpec): StepTools {
  return { permit: permitOf(turn.snapshot, spec), rounds: 0, calls: 0, characters: 0 };
}

/** What the model is asked first: the script's ask, the tools that it may use, and what the person attached. */
export function askWithTools(run: Turned, { ask }: Pick<StepScript, 'ask'>, { permit }: StepTools): CallAsk {
  const tools = offeredTools(permit);
  if (tools.length === 0) return ask;
  return { ...ask, messages: withAttachments(ask.messages, attachedNames(run, permit)), tools };
}

function attachedNames(run: Turned, { files }: Permit): string[] {
  return files.filter(({ id }) => run.turn.snapshot.fileIds.includes(id)).map(({ handle }) => `“${handle}”`);
}

function withAttachments(messages: ModelAsk['messages'], names: string[]): ChatMessage[] {
  if (names.length === 0) return messages;
  const note = { role: 'user' as const, content: `Files attached to the message that follows: ${names.join(', ')}.` };
  return [...messages.slice(0, -1), note, ...messages.slice(-1)];
}

/** What is asked after a round of tools: what was asked before, the reply that called them, and what they answered. */
export function askOn(
  ask: CallAsk,
  { rounds }: Pick<StepTools, 'rounds'>,
  { text, toolCalls }: { text: string; toolCalls: ToolRequest[] },
  answers: ChatMessage[],
): CallAsk {
  const messages = [...ask.messages, { role: 'assistant' as const, content: text, toolCalls }, ...answers];
  // Out of rounds: with no tools on offer it has to answer.
  const { tools: _, ...rest } = ask;
  return rounds > TOOL_LIMITS.rounds ? { ...rest, messages } : { ...ask, messages };
}

/** The name of a step's tool calls in the journal. */
export function toolKey({ key }: Pick<StepSpec, 'key'>): string {
  return `${key}/tool`;
}
