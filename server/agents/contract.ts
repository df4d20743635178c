import { z } from 'zod';

export const MODEL_ALIASES = ['llama', 'qwen', 'deepseek', 'gpt_oss', 'premium'] as const;
export const ZModelAlias = z.enum(MODEL_ALIASES);
export type ModelAlias = z.infer<typeof ZModelAlias>;

export const MEMORY_POLICIES = ['full', 'summary', 'selective', 'none'] as const;
export const ZMemoryPolicy = z.enum(MEMORY_POLICIES);
export type MemoryPolicy = z.infer<typeof ZMemoryPolicy>;

export const ZToolPermissions = z.object({ search: z.boolean().default(false), files: z.boolean().default(false) });
export type ToolPermissions = z.infer<typeof ZToolPermissions>;

export const ZAgent = z
  .object({
    id: z.uuid(),
    name: z.string(),
    modelAlias: ZModelAlias,
    rolePrompt: z.string(),
    toolPermissions: ZToolPermissions,
    memoryPolicy: ZMemoryPolicy,
    fallbackAlias: ZModelAlias.nullable(),
    active: z.boolean(),
    position: z.int(),
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof ZAgent>;

/** Words that the tag parser keeps for itself. */
export const RESERVED_NAMES = ['all', 'others'] as const;

/** A name must be taggable: no quotes, no leading @, one line. */
const name = z
  .string()
  .transform((value) => value.normalize('NFC').replace(/\s+/gu, ' ').trim())
  .pipe(
    z
      .string()
      .min(1, 'Give the agent a name.')
      .max(60, 'At most 60 characters.')
      .regex(/^[^@"“”\p{Cc}\p{Cf}]+$/u, 'A name can’t contain @, quotes or control characters.')
      .refine((value) => !(RESERVED_NAMES as readonly string[]).includes(value.toLowerCase()), {
        message: '“all” and “others” are reserved for tags.',
      }),
  );
const rolePrompt = z.string().trim().min(1, 'Say what this agent does.').max(20_000, 'At most 20,000 characters.');

export const ZCreateAgent = z.object({
  name,
  modelAlias: ZModelAlias,
  rolePrompt,
  toolPermissions: ZToolPermissions.default({ search: false, files: false }),
  memoryPolicy: ZMemoryPolicy.default('summary'),
  fallbackAlias: ZModelAlias.nullable().default(null),
  active: z.boolean().default(true),
});
export type CreateAgent = z.infer<typeof ZCreateAgent>;

export const ZUpdateAgent = z.object({
  name: name.optional(),
  modelAlias: ZModelAlias.optional(),
  rolePrompt: rolePrompt.optional(),
  toolPermissions: z.object({ search: z.boolean().optional(), files: z.boolean().optional() }).optional(),
  memoryPolicy: ZMemoryPolicy.optional(),
  fallbackAlias: ZModelAlias.nullable().optional(),
  active: z.boolean().optional(),
});
export type UpdateAgent = z.infer<typeof ZUpdateAgent>;

export const ZAgentOrder = z.object({ agentIds: z.array(z.uuid()).max(100) });

/** The agent of a direct chat: what a room agent has, less what only a room gives it. */
export const ZDirectAgent = ZCreateAgent.omit({ active: true });
export type DirectAgent = z.infer<typeof ZDirectAgent>;
