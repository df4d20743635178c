import { z } from 'zod';
import { MAX_AGENTS, ZCreateAgent } from '#server/agents/contract.ts';
import { nameKey } from '#server/agents/name-key.ts';
import { plainText } from '#server/platform/plain-text.ts';
import { ZCreateRoom, ZMode } from '#server/rooms/contract.ts';

const MAX_TURNS = 2000;
const content = z.string().overwrite(plainText).max(500_000, 'At most 500,000 characters.');

/** Whose tool servers an agent used is the account's. */
const ZBuiltInTools = z.object({ search: z.boolean().default(false), files: z.boolean().default(false) });

const ZReply = z.object({
  agentName: z.string().overwrite(plainText).max(120),
  role: z.enum(['agent', 'synthesis']),
  content,
});

/** A message and what was answered; ids, costs and everything else that is the account’s are left out. */
const ZTurn = z.object({
  at: z.iso.datetime({ offset: true }).optional(),
  mode: z.enum(['manual', 'roundtable', 'orchestrator', 'direct']),
  message: content,
  replies: z.array(ZReply).max(100),
});
export type ExportedTurn = z.infer<typeof ZTurn>;

/**
 * A room as one file that a person can read and another account can take in: its agents and, on the branch that is shown,
 * who said what. There is no id, key, cost or address in it.
 */
export const ZRoomFile = z
  .object({
    format: z.literal('pantheon.room', 'This is not a room file.'),
    version: z.literal(1, 'This file is of a newer version than this server knows.'),
    exportedAt: z.iso.datetime().optional(),
    ...ZCreateRoom.shape,
    mode: ZMode,
    agents: z
      .array(ZCreateAgent.extend({ toolPermissions: ZBuiltInTools.default({ search: false, files: false }) }))
      .max(MAX_AGENTS, `A room holds at most ${MAX_AGENTS} agents.`)
      .refine((agents) => new Set(agents.map(({ name }) => nameKey(name))).size === agents.length, {
        message: 'Two agents have the same name.',
      }),
    turns: z.array(ZTurn).max(MAX_TURNS, 'At most 2,000 questions.').default([]),
  })
  .meta({ id: 'RoomFile' });
export type RoomFile = z.infer<typeof ZRoomFile>;
