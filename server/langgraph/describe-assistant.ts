import { z } from 'zod';
import { ZState } from '#server/langgraph/contract.ts';
import type { TurnMode } from '#server/turns/contract.ts';

const ZInput = z.object({
  messages: z
    .array(z.object({ type: z.literal('human'), content: z.string() }))
    .describe('The last human message is sent; the conversation remembers what was said before.'),
});

/** What a run takes and gives, as JSON Schema. Prompts and models are the room's own: they are edited there or in Studio. */
export function describeAssistant(mode: TurnMode) {
  const empty = { type: 'object', properties: {} };
  const state = z.toJSONSchema(z.object(ZState.shape), { io: 'output' });
  return {
    graph_id: mode,
    input_schema: z.toJSONSchema(ZInput) as Record<string, unknown>,
    output_schema: state as Record<string, unknown>,
    state_schema: state as Record<string, unknown>,
    config_schema: empty,
    context_schema: empty,
  };
}
