import { attributedText } from '#server/turns/attribute.ts';
import type { ChatCompletion, TokenUsage, TurnExtension } from '#server/openai/contract.ts';
import type { Plan, Step, Turn } from '#server/turns/contract.ts';

export function completionId(turnId: string): string {
  return `chatcmpl-${turnId}`;
}

export function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** A turn that has ended, as a chat completion. */
export function presentCompletion(turn: Turn, model: string, plan: Plan | null): ChatCompletion {
  const message = { role: 'assistant', content: attributedText(turn.steps), refusal: null } as const;
  return {
    id: completionId(turn.id),
    object: 'chat.completion',
    created: secondsOf(turn.createdAt),
    model,
    choices: [{ index: 0, message, finish_reason: 'stop', logprobs: null }],
    usage: usageOf(turn.steps),
    pantheon: extensionOf(turn, plan),
  };
}

export function usageOf(steps: readonly Step[]): TokenUsage {
  const sum = (count: (usage: Step['usage']) => number) => steps.reduce((total, { usage }) => total + count(usage), 0);
  return {
    prompt_tokens: sum(({ promptTokens }) => promptTokens),
    completion_tokens: sum(({ completionTokens }) => completionTokens),
    total_tokens: sum(({ totalTokens }) => totalTokens),
    prompt_tokens_details: { cached_tokens: sum(({ cachedTokens }) => cachedTokens) },
  };
}

export function extensionOf(turn: Turn, plan: Plan | null): TurnExtension {
  return {
    turnId: turn.id,
    status: turn.status,
    agents: turn.steps.map((step) => ({
      stepId: step.id,
      kind: step.kind,
      agentName: step.agentName,
      modelAlias: step.modelAlias,
      status: step.status,
      content: step.content,
      ...(step.error ? { error: step.error } : {}),
      usage: usageOf([step]),
      chargedMicroCredits: step.usage.chargedMicroCredits,
    })),
    ...(plan ? { plan } : {}),
    chargedMicroCredits: turn.chargedMicroCredits,
  };
}
