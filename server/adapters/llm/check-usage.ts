import type { ModelRequest, ProviderUsage } from './port.ts';

/** As providers send it; anything may be missing or wrong. */
export type RawUsage = {
  prompt_tokens?: unknown;
  completion_tokens?: unknown;
  total_tokens?: unknown;
  prompt_tokens_details?: { cached_tokens?: unknown } | null;
  cost?: unknown;
};

/** More than any model's context: such a count is a fault, and must never become a charge. */
const MAX_TOKENS = 10_000_000;
const MAX_COST_USD = 10_000;

/** The provider's usage when it makes sense, counts of 0 when it doesn't, null when there is none. */
export function checkUsage(raw: RawUsage | null | undefined): ProviderUsage | null {
  if (!raw || typeof raw !== 'object' || Object.keys(raw).length === 0) return null;
  const prompt = raw.prompt_tokens;
  const completion = raw.completion_tokens;
  const cached = raw.prompt_tokens_details?.cached_tokens ?? 0;
  const sane = isCount(prompt) && isCount(completion) && isCount(cached) && cached <= prompt;
  if (!sane || (raw.total_tokens !== undefined && !isCount(raw.total_tokens))) {
    return { promptTokens: 0, completionTokens: 0, cachedTokens: 0, costUsd: null, source: 'quarantined' };
  }
  return {
    promptTokens: prompt,
    completionTokens: completion,
    cachedTokens: cached,
    costUsd: isCost(raw.cost) ? raw.cost : null,
    source: 'provider',
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_TOKENS;
}

function isCost(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_COST_USD;
}

/** What arrived of an answer, for the case that the provider never says what it counted. */
export type Received = { bytes: number; pieces: number };

/**
 * For a call without usage: one that was stopped or broke off, or a provider that sends none. The prompt is
 * ceil(bytes / 4). The output is the number of pieces when these are as small as tokens (16 bytes on average), which is
 * how nearly all providers stream; else ceil(bytes / 4). Nothing received is nothing served: all counts are 0.
 */
export function estimateUsage(request: ModelRequest, received: Received): ProviderUsage {
  const none = received.pieces === 0;
  const tokenSized = received.bytes <= 16 * received.pieces;
  return {
    promptTokens: none ? 0 : Math.ceil(promptBytes(request) / 4),
    completionTokens: tokenSized ? received.pieces : Math.ceil(received.bytes / 4),
    cachedTokens: 0,
    costUsd: null,
    source: 'estimated',
  };
}

function promptBytes(request: ModelRequest): number {
  const extras = [...(request.tools ?? []), ...(request.structured ? [request.structured.schema] : [])];
  const texts = [
    ...request.messages.map((message) => message.content),
    ...request.messages.flatMap((message) =>
      message.role === 'assistant' ? (message.toolCalls ?? []).map((call) => call.arguments) : [],
    ),
    ...extras.map((extra) => JSON.stringify(extra)),
  ];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
