import { z } from 'zod';
import { oneLine } from '#server/platform/plain-text.ts';

export const ZSearchText = z
  .string()
  .overwrite(oneLine)
  .min(1, 'Say what to look for.')
  .max(200, 'At most 200 characters.');

/** A run of a snippet’s text; `match` is what was looked for. Plain text, never HTML. */
export const ZSnippetPart = z.object({ text: z.string(), match: z.boolean() });
export type SnippetPart = z.infer<typeof ZSnippetPart>;

/** A message that was found, and where it is. */
export const ZSearchHit = z
  .object({
    messageId: z.uuid(),
    turnId: z.uuid(),
    roomId: z.uuid().optional(),
    directSessionId: z.uuid().optional(),
    conversationName: z.string(),
    role: z.enum(['user', 'agent', 'synthesis']),
    agentName: z.string().optional(),
    snippet: z.array(ZSnippetPart),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof ZSearchHit>;
