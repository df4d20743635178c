import { z } from 'zod';
import { nameKey } from '#server/agents/name-key.ts';
import { oneLine, plainText } from '#server/platform/plain-text.ts';

export const MODEL_ALIASES = ['llama', 'qwen', 'deepseek', 'gpt_oss', 'premium'] as const;
export const ZModelAlias = z.enum(MODEL_ALIASES);
export type ModelAlias = z.infer<typeof ZModelAlias>;

export const MEMORY_POLICIES = ['full', 'summary', 'selective', 'none'] as const;
export const ZMemoryPolicy = z.enum(MEMORY_POLICIES);
export type MemoryPolicy = z.infer<typeof ZMemoryPolicy>;

/** Tools of servers that the person has added (server/tool-servers): those that are named, and no other. */
const servers = z
  .array(z.object({ serverId: z.uuid(), tools: z.array(z.string().min(1).max(128)).max(64) }))
  .max(20)
  .describe('Tools of your tool servers, by name.');

export const ZToolPermissions = z.object({
  search: z.boolean().default(false),
  files: z.boolean().default(false),
  servers: servers.exactOptional(),
});
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
  .overwrite(oneLine)
  .min(1, 'Give the agent a name.')
  .max(60, 'At most 60 characters.')
  .regex(/^[^@"“”\p{Cc}\p{Cf}]*$/u, 'A name can’t contain @, quotes or control characters.')
  .refine((value) => value === '' || nameKey(value) !== '', 'Give the agent a name that can be seen.')
  .refine((value) => !(RESERVED_NAMES as readonly string[]).includes(nameKey(value)), {
    message: '“all” and “others” are reserved for tags.',
  });
const rolePrompt = z
  .string()
  .overwrite(plainText)
  .trim()
  .min(1, 'Say what this agent does.')
  .max(20_000, 'At most 20,000 characters.');

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
  toolPermissions: z
    .object({ search: z.boolean().optional(), files: z.boolean().optional(), servers: servers.optional() })
    .optional(),
  memoryPolicy: ZMemoryPolicy.optional(),
  fallbackAlias: ZModelAlias.nullable().optional(),
  active: z.boolean().optional(),
});
export type UpdateAgent = z.infer<typeof ZUpdateAgent>;

/** Every agent of the room, active or not, once. */
export const ZAgentOrder = z.object({ agentIds: z.array(z.uuid()).max(100) });

export const MAX_AGENTS = 50;

/** The agent of a direct chat: what a room agent has, less what only a room gives it. */
export const ZDirectAgent = ZCreateAgent.omit({ active: true });
export type DirectAgent = z.infer<typeof ZDirectAgent>;
/** Not `ZDirectAgent.partial()`, whose defaults would overwrite what a PATCH leaves out. */
export const ZUpdateDirectAgent = ZUpdateAgent.omit({ active: true });
