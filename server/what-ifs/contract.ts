import { z } from 'zod';
import { ZModelAlias } from '#server/agents/contract.ts';
import { ZMode } from '#server/rooms/contract.ts';

/** What to do differently; what is left out stays as it was. */
export const ZWhatIf = z.object({
  mode: ZMode.optional().describe('Not in a direct chat.'),
  agentIds: z
    .array(z.uuid())
    .min(1, 'Choose at least one agent.')
    .max(100)
    .optional()
    .describe(
      'Who takes part: agents that the turn had or the room has, muted ones too. Default: those that the turn had.',
    ),
  models: z.record(z.uuid(), ZModelAlias).optional().describe('Another model, by the agent’s id.'),
});
export type WhatIf = z.infer<typeof ZWhatIf>;
