import { BETWEEN, ending, heading, isReply } from '#server/turns/attribute.ts';
import type { OutputMessage, ResponseObject } from '#server/openai/contract.ts';
import { extensionOf, secondsOf, usageOf } from '#server/openai/present-completion.ts';
import type { Plan, Step, Turn } from '#server/turns/contract.ts';

const PREFIX = 'resp_';

function responseId(turnId: string): string {
  return PREFIX + turnId;
}

/** The turn that a response's id names; of an id that is none, itself, which names no turn. */
export function turnIdOf(id: string): string {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
}

export function outputMessage(stepId: string, text: string | null, status: OutputMessage['status']): OutputMessage {
  const content = text === null ? [] : [outputText(text)];
  return { type: 'message', id: `msg_${stepId}`, role: 'assistant', status, content };
}

export function outputText(text: string): OutputMessage['content'][number] {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

/** A message for each agent who said something or failed; their texts joined are the whole answer. */
export function outputOf(steps: readonly Step[]): OutputMessage[] {
  return steps
    .filter(isReply)
    .map((step) => ({ step, text: (step.content === '' ? '' : heading(step.agentName) + step.content) + ending(step) }))
    .filter(({ text }) => text !== '')
    .map(({ step, text }, place) =>
      outputMessage(
        step.id,
        (place > 0 ? BETWEEN : '') + text,
        step.status === 'completed' ? 'completed' : 'incomplete',
      ),
    );
}

type Frame = Pick<ResponseObject, 'id' | 'created_at' | 'model' | 'previous_response_id'>;

function frameOf(turn: Turn): Frame {
  return {
    id: responseId(turn.id),
    created_at: secondsOf(turn.createdAt),
    model: turn.roomId === undefined ? `direct:${turn.directSessionId}` : `room:${turn.roomId}`,
    previous_response_id: turn.parentTurnId === null ? null : responseId(turn.parentTurnId),
  };
}

type Said = 'status' | 'output' | 'error' | 'usage' | 'pantheon';

const ALWAYS: Omit<ResponseObject, keyof Frame | Said> = {
  object: 'response',
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: false,
  temperature: null,
  tool_choice: 'none',
  tools: [],
  top_p: null,
};

/** A turn as it is now. */
export function presentResponse(turn: Turn): ResponseObject {
  if (turn.status === 'queued' || turn.status === 'running') return presentBegun(turn);
  return presentEnded(turn, { plan: turn.steps.find(({ plan }) => plan !== undefined)?.plan ?? null });
}

/** A turn that has not ended. What is said meanwhile, its stream tells. */
export function presentBegun(turn: Turn): ResponseObject {
  const pantheon = { turnId: turn.id };
  return { ...ALWAYS, ...frameOf(turn), status: 'in_progress', output: [], error: null, usage: null, pantheon };
}

/** A turn that has ended. `output` as it was streamed, where it was. */
export function presentEnded(
  turn: Turn,
  { plan, output = outputOf(turn.steps) }: { plan: Plan | null; output?: OutputMessage[] },
): ResponseObject {
  const { prompt_tokens, prompt_tokens_details, completion_tokens, total_tokens } = usageOf(turn.steps);
  const status = turn.status === 'completed' || turn.status === 'failed' ? turn.status : 'cancelled';
  const why = turn.error?.message ?? 'Nobody could answer.';
  return {
    ...ALWAYS,
    ...frameOf(turn),
    status,
    output,
    error: status === 'failed' ? { code: 'server_error', message: why } : null,
    usage: {
      input_tokens: prompt_tokens,
      input_tokens_details: prompt_tokens_details,
      output_tokens: completion_tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens,
    },
    pantheon: extensionOf(turn, plan),
  };
}
