import { z } from 'zod';
import {
  ZDirectAgent,
  ZMemoryPolicy,
  ZModelAlias,
  ZToolPermissions,
  ZUpdateDirectAgent,
} from '#server/agents/contract.ts';
import { oneLine } from '#server/platform/plain-text.ts';

export const ZDirectSession = z
  .object({
    id: z.uuid(),
    title: z.string(),
    agent: z.object({
      name: z.string(),
      modelAlias: ZModelAlias,
      rolePrompt: z.string(),
      toolPermissions: ZToolPermissions,
      memoryPolicy: ZMemoryPolicy,
      fallbackAlias: ZModelAlias.nullable(),
    }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    deletedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'DirectSession' });
export type DirectSession = z.infer<typeof ZDirectSession>;

const title = z.string().overwrite(oneLine).min(1, 'Give the chat a title.').max(120, 'At most 120 characters.');

/** Either a new agent or one of the caller's room agents, copied. */
export const ZCreateDirectSession = z
  .object({ title: title.optional(), agent: ZDirectAgent.optional(), roomAgentId: z.uuid().optional() })
  .refine((body) => (body.agent === undefined) !== (body.roomAgentId === undefined), {
    path: ['agent'],
    message: 'Give either an agent or a roomAgentId.',
  });
export type CreateDirectSession = z.infer<typeof ZCreateDirectSession>;
export const ZUpdateDirectSession = z.object({ title: title.optional(), agent: ZUpdateDirectAgent.optional() });
export type UpdateDirectSession = z.infer<typeof ZUpdateDirectSession>;
