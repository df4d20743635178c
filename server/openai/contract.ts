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
