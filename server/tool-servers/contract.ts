import { z } from 'zod';
import { oneLine } from '#server/platform/plain-text.ts';

export const MAX_TOOL_SERVERS = 20;

export const ZServerTool = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    inputSchema: z.record(z.string(), z.unknown()),
    /** What the server claims; nothing is decided by it. */
    saysReadOnly: z.boolean(),
    saysDestructive: z.boolean(),
  })
  .meta({ id: 'ServerTool' });
export type ServerTool = z.infer<typeof ZServerTool>;

export const ZToolServer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    url: z.string(),
    header: z.string(),
    hasSecret: z.boolean().describe('The secret itself is never given out.'),
    tools: z.array(ZServerTool.extend({ asks: z.boolean().describe('False: it is called without asking.') })),
    listedAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'ToolServer' });
export type ToolServer = z.infer<typeof ZToolServer>;

const name = z.string().overwrite(oneLine).min(1, 'Give the server a name.').max(60, 'At most 60 characters.');
const url = z
  .string()
  .trim()
  .max(2_000)
  .refine(
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    'An address like https://tools.example.com/mcp.',
  )
  .refine(
    (value) => !URL.canParse(value) || new URL(value).username + new URL(value).password === '',
    'Put the token into its own field, not into the address.',
  );
const header = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'The name of an HTTP header, like Authorization.')
  .refine((value) => !/^(host|content-.*|transfer-encoding|connection|accept|mcp-.*|cookie)$/i.test(value), {
    message: 'This header can’t be set.',
  });
/** Printable ASCII, as a header's value may be. */
const secret = z
  .string()
  .trim()
  .min(1, 'Enter the token.')
  .max(4_000)
  .regex(/^[\x20-\x7e]*$/, 'Only letters, digits and signs of the keyboard.');

export const ZCreateToolServer = z.object({
  name,
  url,
  header: header.default('Authorization'),
  secret: secret.nullable().default(null).describe('The header’s whole value, e.g. `Bearer …`.'),
});
export type CreateToolServer = z.infer<typeof ZCreateToolServer>;

export const ZUpdateToolServer = z.object({
  name: name.optional(),
  url: url.optional(),
  header: header.optional(),
  secret: secret.nullable().optional().describe('Null forgets it. One that belonged to another host is forgotten.'),
  unasked: z
    .array(z.string().max(128))
    .max(64)
    .optional()
    .describe('Names of all tools that are called without asking.'),
});
export type UpdateToolServer = z.infer<typeof ZUpdateToolServer>;

/** A tool as a turn knows it from its acceptance on; where its server is, and its token, are looked up at each call. */
export const ZTurnServerTool = z.object({
  /** What a model calls it. */
  handle: z.string(),
  serverId: z.uuid(),
  server: z.string(),
  tool: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()),
});
export type TurnServerTool = z.infer<typeof ZTurnServerTool>;

export const ZDecision = z.object({ decision: z.enum(['approve', 'deny']) });
