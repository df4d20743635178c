import type { ToolDefinition } from '#server/adapters/llm/port.ts';
import type { SnapshotModel } from '#server/turns/snapshot.ts';
import { parseMultiplier, priceCall } from '#server/usage/price-call.ts';

/** Prose has four bytes a token and more; a prompt as a whole never came below three. */
const BYTES_PER_TOKEN = 3;

/** The most that one call should cost, in micro-credits: its prompt and all the output that it may give. */
export function mostOfCall(
  ask: { messages: { content: string }[]; tools?: ToolDefinition[] },
  model: SnapshotModel,
  outputTokens: number,
): bigint {
  const said = ask.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  const bytes = said + (ask.tools ? Buffer.byteLength(JSON.stringify(ask.tools)) : 0);
  const promptTokens = Math.ceil(bytes / BYTES_PER_TOKEN);
  return priceCall(
    { promptTokens, cachedTokens: 0, completionTokens: outputTokens },
    parseMultiplier(model.multiplier),
  );
}
