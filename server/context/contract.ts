import { z } from 'zod';

/** What agents with a `summary` memory know of the older part of a conversation. */
export const ZSummary = z
  .object({
    content: z.string(),
    throughTurnId: z.uuid().describe('The last turn that it covers; later ones are remembered word for word.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Summary' });
export type Summary = z.infer<typeof ZSummary>;
