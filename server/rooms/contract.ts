import { z } from 'zod';
import { ZAgent } from '#server/agents/contract.ts';
import { oneLine, plainText } from '#server/platform/plain-text.ts';

/** What was deleted can be restored for so long, then it is purged. */
export const RESTORE_DAYS = 7;

export const MODES = ['manual', 'roundtable', 'orchestrator'] as const;
export const ZMode = z.enum(MODES);
export type Mode = z.infer<typeof ZMode>;

export const ZRoom = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    currentMode: ZMode,
    pendingMode: ZMode.nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    deletedAt: z.iso.datetime().nullable(),
    agents: z.array(ZAgent).optional(),
  })
  .meta({ id: 'Room' });
export type Room = z.infer<typeof ZRoom>;

const name = z.string().overwrite(oneLine).min(1, 'Give the room a name.').max(120, 'At most 120 characters.');
const description = z.string().overwrite(plainText).trim().max(2000, 'At most 2,000 characters.');

export const ZCreateRoom = z.object({ name, description: description.default('') });
export const ZUpdateRoom = z.object({ name: name.optional(), description: description.optional() });
export const ZSetMode = z.object({ mode: ZMode });
export type CreateRoom = z.infer<typeof ZCreateRoom>;
export type UpdateRoom = z.infer<typeof ZUpdateRoom>;
