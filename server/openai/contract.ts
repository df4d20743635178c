import { z } from 'zod';
import { ZModelAlias } from '#server/agents/contract.ts';
import { ZMicroCredits, ZPlan, ZProblem, ZStepKind, ZStepStatus, ZTurnStatus } from '#server/turns/contract.ts';

/** OpenAI's chat completions, as far as a conversation can mean them. What is ours stands under `pantheon`. */

const ZTextPart = z.object({ type: z.enum(['text', 'input_text']), text: z.string() });
const ZContent = z.union([z.string(), z.array(z.union([ZTextPart, z.looseObject({ type: z.string() })]))]);

export const ZChatRequest = z
  .object({
    model: z.string().describe('`room:<id>` or `direct:<id>`.'),
    messages: z
      .array(z.object({ role: z.string(), content: ZContent.nullish() }))
      .min(1, 'Send at least one message.')
      .describe('The last user message is sent; the conversation remembers what was said before.'),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    n: z.literal(1, 'A conversation gives one answer.').nullish(),
  })
  .meta({ id: 'ChatCompletionRequest' });

export const ZTokenUsage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({ cached_tokens: z.int() }),
});
export type TokenUsage = z.infer<typeof ZTokenUsage>;

const ZAgentPart = z.object({
  stepId: z.uuid(),
  kind: ZStepKind,
  agentName: z.string(),
  modelAlias: ZModelAlias,
  status: ZStepStatus,
  content: z.string(),
  error: ZProblem.optional(),
  usage: ZTokenUsage,
  chargedMicroCredits: ZMicroCredits,
});

/** Who said what, and what it cost: what OpenAI’s shape has no place for. */
export const ZTurnExtension = z.object({
  turnId: z.uuid(),
  status: ZTurnStatus,
  agents: z.array(ZAgentPart),
  plan: ZPlan.optional(),
  chargedMicroCredits: ZMicroCredits,
});
export type TurnExtension = z.infer<typeof ZTurnExtension>;

export const ZChatCompletion = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
        finish_reason: z.literal('stop'),
        logprobs: z.null(),
      }),
    ),
    usage: ZTokenUsage,
    pantheon: ZTurnExtension,
  })
  .meta({ id: 'ChatCompletion' });
export type ChatCompletion = z.infer<typeof ZChatCompletion>;

export const ZChatChunk = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion.chunk'),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        delta: z.object({ role: z.literal('assistant').optional(), content: z.string().optional() }),
        finish_reason: z.literal('stop').nullable(),
      }),
    ),
    usage: ZTokenUsage.optional().describe('On the last chunk.'),
    pantheon: z
      .union([
        ZTurnExtension,
        z.object({ turnId: z.uuid(), stepId: z.uuid().optional(), agentName: z.string().optional() }),
      ])
      .describe('Whose text this is; on the last chunk everything about the turn.'),
  })
  .meta({ id: 'ChatCompletionChunk' });
export type ChatChunk = z.infer<typeof ZChatChunk>;

/** OpenAI's responses, as far as a conversation can mean them. */
const ZInputItem = z.looseObject({ role: z.string().optional(), content: ZContent.nullish() });

export const ZResponseRequest = z
  .object({
    model: z.string().describe('`room:<id>` or `direct:<id>`.'),
    input: z
      .union([z.string(), z.array(ZInputItem).min(1, 'Send at least one message.')])
      .describe('Text, or messages, of which the last of the user is sent.'),
    previous_response_id: z
      .string()
      .nullish()
      .describe(
        'A response of this conversation: it goes on after that one, on a branch of its own where others followed.',
      ),
    stream: z.boolean().nullish(),
    background: z.literal(false, 'A response is waited for. Turns that go on by themselves are at /api/v1.').nullish(),
  })
  .meta({ id: 'ResponseRequest' });

const ZOutputText = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(z.never()),
  logprobs: z.array(z.never()),
});
const ZOutputMessage = z.object({
  type: z.literal('message'),
  id: z.string(),
  role: z.literal('assistant'),
  status: z.enum(['in_progress', 'completed', 'incomplete']),
  content: z.array(ZOutputText),
});
export type OutputMessage = z.infer<typeof ZOutputMessage>;

export const ZResponseObject = z
  .object({
    id: z.string(),
    object: z.literal('response'),
    created_at: z.int(),
    status: z.enum(['in_progress', 'completed', 'failed', 'cancelled']),
    model: z.string(),
    output: z.array(ZOutputMessage).describe('A message for each agent, in the order of the timeline.'),
    previous_response_id: z.string().nullable(),
    error: z.object({ code: z.literal('server_error'), message: z.string() }).nullable(),
    incomplete_details: z.null(),
    instructions: z.null(),
    metadata: z.object({}),
    parallel_tool_calls: z.literal(false),
    temperature: z.null(),
    tool_choice: z.literal('none'),
    tools: z.array(z.never()),
    top_p: z.null(),
    usage: z
      .object({
        input_tokens: z.int(),
        input_tokens_details: z.object({ cached_tokens: z.int() }),
        output_tokens: z.int(),
        output_tokens_details: z.object({ reasoning_tokens: z.literal(0) }),
        total_tokens: z.int(),
      })
      .nullable(),
    pantheon: z.union([ZTurnExtension, z.object({ turnId: z.uuid() })]),
  })
  .meta({ id: 'ResponseObject' });
export type ResponseObject = z.infer<typeof ZResponseObject>;

export const ZResponseEvent = z
  .looseObject({
    type: z.string().describe('`response.created`, `response.output_text.delta`, …'),
    sequence_number: z.int(),
  })
  .meta({ id: 'ResponseEvent' });

export const ZOpenAiModel = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.literal('pantheon'),
    pantheon: z.object({ kind: z.enum(['room', 'direct']), name: z.string() }),
  })
  .meta({ id: 'OpenAiModel' });
export type OpenAiModel = z.infer<typeof ZOpenAiModel>;

export const ZOpenAiModelList = z.object({ object: z.literal('list'), data: z.array(ZOpenAiModel) });
