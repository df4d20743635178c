import type { PastTurn } from '#server/context/read-history.ts';

/** Unsummarised history above this is summarised, down to what is kept word for word. In tokens. */
export const SUMMARISE_ABOVE = 8_000;
export const KEEP_VERBATIM = 3_000;

/** Tokens of a text, roughly: four bytes of UTF-8 each. For budgets; charges use the provider's count. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

export function tokensOf(turns: PastTurn[]): number {
  return turns.reduce((sum, turn) => sum + turnTokens(turn), 0);
}

export function turnTokens({ messages }: PastTurn): number {
  return messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
}
