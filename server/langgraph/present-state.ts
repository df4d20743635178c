import type { State, StateMessage } from '#server/langgraph/contract.ts';
import type { Step, Turn } from '#server/turns/contract.ts';

/** What a turn has brought into the conversation, as LangChain's messages. What was deleted is not there. */
export function messagesOf(turn: Turn): StateMessage[] {
  return [...humanOf(turn), ...turn.steps.flatMap((step) => replyOf(turn.id, step))];
}

export function humanOf({ id, message, files = [] }: Pick<Turn, 'id' | 'message' | 'files'>): StateMessage[] {
  if (message === '') return [];
  const kwargs = files.length > 0 ? { files } : {};
  return [{ id, type: 'human', content: message, additional_kwargs: kwargs, response_metadata: {} }];
}

/** A finished reply, or what a stopped one had said. */
export function replyOf(turnId: string, step: Step): StateMessage[] {
  if (step.kind === 'manager' || step.content === '') return [];
  if (step.status !== 'completed' && step.status !== 'cancelled') return [];
  return [{ ...replyHead(turnId, step), content: step.content, ...replyTail(step) }];
}

export function replyHead(turnId: string, step: Step): Omit<StateMessage, 'content' | 'response_metadata'> {
  return {
    id: step.id,
    type: 'ai',
    name: step.agentName,
    additional_kwargs: { turnId, agentId: step.agentId, kind: step.kind },
    tool_calls: [],
    invalid_tool_calls: [],
  };
}

export function replyTail({ usage, servedModel, citations = [] }: Step) {
  return {
    response_metadata: {
      ...(servedModel === null ? {} : { model_name: servedModel }),
      ...(citations.length > 0 ? { citations } : {}),
      chargedMicroCredits: usage.chargedMicroCredits,
    },
    usage_metadata: {
      input_tokens: usage.promptTokens,
      output_tokens: usage.completionTokens,
      total_tokens: usage.totalTokens,
    },
  };
}

/** The state after these turns of a line, oldest first. */
export function stateOf(turns: readonly Turn[]): State {
  const last = turns.at(-1);
  return { messages: turns.flatMap(messagesOf), plan: planOf(last), turn: summaryOf(last) };
}

export const NOTHING: State = { messages: [], plan: null, turn: null };

export function planOf(turn: Turn | undefined): State['plan'] {
  return turn?.steps.find(({ plan }) => plan !== undefined)?.plan ?? null;
}

export function summaryOf(turn: Turn | undefined): State['turn'] {
  if (!turn) return null;
  const { id, status, mode, failedSteps, chargedMicroCredits } = turn;
  return { id, status, mode, failedSteps, chargedMicroCredits };
}
